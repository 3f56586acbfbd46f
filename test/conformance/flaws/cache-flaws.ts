/** Caches that are wrong in one way each. */
import { fromHex, toHex } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import { DAY, SECOND } from "../../../src/model/time.ts";
import type { CacheAnswer, CacheEngine } from "../../../src/ports/cache-engine.ts";
import type { CacheReplacements } from "./flawed-cache.ts";

export type CacheFlaw = { readonly id: string; readonly replaced: CacheReplacements };

const MISS: CacheAnswer = { kind: "miss" };

/** Answers of `get`, changed. */
const gets = (change: (answer: CacheAnswer) => CacheAnswer): CacheReplacements => ({
  engine: ({ get }) => ({ get: async (key, call) => change(await get(key, call)) }),
});

/** Failures of every verb, changed. */
const failures = (change: (error: KvError) => Error): CacheReplacements => ({
  engine: (engine) => {
    const fail = (error: unknown): never => {
      throw error instanceof KvError ? change(error) : error;
    };
    return {
      get: (key, call) => engine.get(key, call).catch(fail),
      set: (key, value, ttl, call) => engine.set(key, value, ttl, call).catch(fail),
    };
  },
});

const missOn = (code: KvError["code"]): CacheReplacements => ({
  engine: ({ get }) => ({
    get: (key, call) =>
      get(key, call).catch((error: unknown) => {
        if (error instanceof KvError && error.code === code) return MISS;
        throw error;
      }),
  }),
});

export const CACHE_FLAWS: readonly CacheFlaw[] = [
  {
    id: "answers a miss as an empty hit",
    replaced: gets((answer) =>
      answer.kind === "miss" ? { kind: "hit", value: new Uint8Array(0) } : answer,
    ),
  },
  {
    id: "answers an empty hit as a miss",
    replaced: gets((answer) =>
      answer.kind === "hit" && answer.value.length === 0 ? MISS : answer,
    ),
  },
  {
    id: "keeps values as text",
    replaced: { value: (value) => new TextEncoder().encode(new TextDecoder().decode(value)) },
  },
  { id: "cuts values at 65,536 bytes", replaced: { value: (value) => value.slice(0, 65_536) } },
  { id: "cuts keys at 250 bytes", replaced: { name: (key) => toHex(key.slice(0, 250)) } },
  { id: "cuts keys at 4,095 bytes", replaced: { name: (key) => toHex(key.slice(0, 4095)) } },
  { id: "keeps keys as text", replaced: { name: (key) => new TextDecoder().decode(key) } },
  {
    id: "takes blanks out of keys",
    replaced: { name: (key) => toHex(key.filter((byte) => byte !== 0x20)) },
  },
  {
    id: "ends keys at a line",
    replaced: { name: (key) => toHex(key.slice(8)).split("0d0a")[0] + toHex(key.slice(0, 8)) },
  },
  {
    id: "takes a key for its length",
    replaced: { name: (key) => `${toHex(key.slice(0, 8))}${key.length}` },
  },
  {
    id: "sets only where nothing is",
    replaced: {
      engine: ({ add }) => ({ set: async (...args) => (await add(...args), { kind: "stored" }) }),
    },
  },
  {
    id: "adds over what is there",
    replaced: {
      present: (entries, name, entry) => (entries.set(name, entry), { kind: "present" }),
    },
  },
  { id: "says it added", replaced: { present: () => ({ kind: "stored" }) } },
  { id: "adds nothing", replaced: { engine: () => ({ add: async () => ({ kind: "present" }) }) } },
  { id: "looks before it adds", replaced: { pause: () => Promise.resolve() } },
  { id: "deletes nothing", replaced: { engine: () => ({ delete: async () => undefined }) } },
  { id: "cannot delete what is not there", replaced: { engine: deletesOnce } },
  {
    id: "keeps the older entry of a value too large",
    replaced: { tooLarge: () => ({ kind: "too_large" }) },
  },
  {
    id: "says it stored a value too large",
    replaced: { tooLarge: (entries, name) => (entries.delete(name), { kind: "stored" }) },
  },
  {
    id: "fails on a value too large",
    replaced: {
      tooLarge: () => {
        throw new KvError("INTERNAL", "too large");
      },
    },
  },
  { id: "never expires", replaced: { ttl: () => Infinity } },
  { id: "expires at once past 30 days", replaced: { ttl: (ttl) => (ttl > 30 * DAY ? 0 : ttl) } },
  { id: "expires a minute late", replaced: { ttl: (ttl) => ttl + 60 * SECOND } },
  {
    id: "takes less than a second for ever",
    replaced: { ttl: (ttl) => (ttl < SECOND ? Infinity : ttl) },
  },
  {
    id: "takes less than a millisecond for ever",
    replaced: { ttl: (ttl) => (ttl < 1000 ? Infinity : ttl) },
  },
  { id: "expires early", replaced: { ttl: (ttl) => Math.min(ttl, SECOND / 2) } },
  { id: "keeps the bytes it is passed", replaced: { keepsBytes: true } },
  { id: "knows no deadlines", replaced: { keepsTime: true } },
  { id: "answers out of time as a miss", replaced: missOn("DEADLINE_EXCEEDED") },
  { id: "answers closed as a miss", replaced: missOn("UNAVAILABLE") },
  { id: "throws plain errors", replaced: failures((error) => new Error(error.message)) },
  { id: "cannot be closed twice", replaced: { engine: closesOnce } },
  { id: "closing leaves calls without an answer", replaced: { engine: hangsWhenClosed } },
  { id: "closes with plain errors", replaced: { engine: plainWhenClosed } },
  { id: "mixes answers up", replaced: { engine: mixed } },
  { id: "blends values", replaced: { engine: blended } },
  { id: "is not shared", replaced: { isShared: false } },
];

function deletesOnce(engine: CacheEngine): Partial<CacheEngine> {
  return {
    delete: async (key, call) => {
      if ((await engine.get(key, call)).kind === "miss") throw new KvError("INTERNAL", "not found");
      return engine.delete(key, call);
    },
  };
}

function closesOnce(engine: CacheEngine): Partial<CacheEngine> {
  let closed = false;
  return {
    close: async () => {
      if (closed) throw new KvError("INTERNAL", "closed already");
      closed = true;
      return engine.close();
    },
  };
}

/** Answers come a turn later; those that are out at a close come never, or fail untyped. */
function whenClosed(
  engine: CacheEngine,
  end: (reject: (error: Error) => void) => void,
): Partial<CacheEngine> {
  const out = new Set<(error: Error) => void>();
  return {
    get: async (key, call) => {
      const { promise, resolve, reject } = Promise.withResolvers<CacheAnswer>();
      const answer = await engine.get(key, call);
      out.add(reject);
      setImmediate(() => {
        if (out.delete(reject)) resolve(answer);
      });
      return promise;
    },
    close: async () => {
      await Promise.resolve();
      for (const reject of out) end(reject);
      out.clear();
      return engine.close();
    },
  };
}

function hangsWhenClosed(engine: CacheEngine): Partial<CacheEngine> {
  return whenClosed(engine, () => undefined);
}

function plainWhenClosed(engine: CacheEngine): Partial<CacheEngine> {
  return whenClosed(engine, (reject) => reject(new Error("socket closed")));
}

/** Answers of many calls at once go to the caller after. */
function mixed(engine: CacheEngine): Partial<CacheEngine> {
  let out = 0;
  let last: CacheAnswer = MISS;
  return {
    get: async (key, call) => {
      out += 1;
      const answer = await engine.get(key, call);
      const crowd = out;
      out -= 1;
      const given = crowd > 100 ? last : answer;
      last = answer;
      return given;
    },
  };
}

/** The last byte of a value belongs to the value before. */
function blended(engine: CacheEngine): Partial<CacheEngine> {
  const before = new Map<string, number>();
  return {
    set: async (key, value, ttl, call) => {
      const name = toHex(key);
      const mixedValue = value.slice();
      const byte = before.get(name);
      if (byte !== undefined && value.length > 1000 && value.length < 3000) {
        mixedValue[value.length - 1] = byte;
      }
      before.set(name, value.at(-1) ?? 0);
      return engine.set(fromHex(name), mixedValue, ttl, call);
    },
  };
}
