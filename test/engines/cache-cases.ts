/** Checks of the cache port that hold for every cache, written once. Keys are the run's own: caches are shared. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concatBytes, utf8 } from "../../src/model/bytes.ts";
import { KvError, type KvErrorCode } from "../../src/model/error.ts";
import { DAY, type Micros, MINUTE, SECOND } from "../../src/model/time.ts";
import type { CacheAdapter, CacheCall, CacheEngine } from "../../src/ports/cache-engine.ts";
import { systemEnv } from "../../src/system/env.ts";

const env = systemEnv();

/** A call that has this much time. */
export function within(time: Micros = MINUTE): CacheCall {
  return { deadline: env.clock.monotonic() + time };
}

/** The text of a hit, undefined for a miss. */
export async function lookUp(cache: CacheEngine, key: Uint8Array): Promise<string | undefined> {
  const answer = await cache.get(key, within());
  return answer.kind === "hit" ? new TextDecoder().decode(answer.value) : undefined;
}

/** The error of work that must fail with this code. */
export async function failure(work: Promise<unknown>, code: KvErrorCode): Promise<KvError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KvError);
  expect((error as KvError).code).toBe(code);
  return error as KvError;
}

type CacheCase = {
  readonly name: string;
  readonly run: (cache: CacheEngine, key: (name: string) => Uint8Array) => Promise<void>;
};

const answers: readonly CacheCase[] = [
  {
    name: "what was set is there, what was replaced or deleted is not",
    run: async (cache, key) => {
      expect(await lookUp(cache, key("k"))).toBeUndefined();
      expect(await cache.set(key("k"), utf8("a"), MINUTE, within())).toEqual({ kind: "stored" });
      expect(await lookUp(cache, key("k"))).toBe("a");
      await cache.set(key("k"), utf8(""), MINUTE, within());
      expect(await lookUp(cache, key("k"))).toBe("");
      await cache.delete(key("k"), within());
      await cache.delete(key("k"), within());
      expect(await lookUp(cache, key("k"))).toBeUndefined();
    },
  },
  {
    name: "add stores only where nothing is",
    run: async (cache, key) => {
      expect(await cache.add(key("k"), utf8("a"), MINUTE, within())).toEqual({ kind: "stored" });
      expect(await cache.add(key("k"), utf8("b"), MINUTE, within())).toEqual({ kind: "present" });
      expect(await lookUp(cache, key("k"))).toBe("a");
      await cache.delete(key("k"), within());
      expect(await cache.add(key("k"), utf8("c"), MINUTE, within())).toEqual({ kind: "stored" });
      expect(await lookUp(cache, key("k"))).toBe("c");
    },
  },
  {
    name: "keys of any bytes up to 4096 are told apart",
    run: async (cache, key) => {
      const ends = ["", " ", "\r\n", "\0", "\0\0", "x".repeat(2000), "x".repeat(2001)];
      const keys = ends.map((end) => key(end));
      keys.push(concatBytes(key(""), new Uint8Array(4096 - key("").length).fill(0xff)));
      for (const [i, each] of keys.entries()) await cache.set(each, utf8(`${i}`), MINUTE, within());
      const found = await Promise.all(keys.map(async (each) => await lookUp(cache, each)));
      expect(found).toEqual(keys.map((_, i) => `${i}`));
    },
  },
  {
    name: "bytes are copied in and out, and come back as they were",
    run: async (cache, key) => {
      const value = Uint8Array.from({ length: 256 }, (_, i) => i);
      const own = key("k");
      const given = value.slice();
      await cache.set(own, given, MINUTE, within());
      given.fill(0);
      own.fill(0);
      for (let i = 0; i < 2; i += 1) {
        const answer = await cache.get(key("k"), within());
        expect(answer).toEqual({ kind: "hit", value });
        if (answer.kind === "hit") answer.value.fill(9);
      }
    },
  },
  {
    name: "many calls at once are each answered with their own",
    run: async (cache, key) => {
      const all = Array.from({ length: 300 }, (_, i) => `${i}`);
      await Promise.all(
        all.map(async (each) => await cache.set(key(each), utf8(each), MINUTE, within())),
      );
      expect(await Promise.all(all.map(async (each) => await lookUp(cache, key(each))))).toEqual(
        all,
      );
    },
  },
];

const bounds: readonly CacheCase[] = [
  {
    name: "the largest declared value is stored under the longest key, a larger one ends the old entry",
    run: async (cache, key) => {
      const { valueBytesMax } = cache.capabilities;
      const long = concatBytes(key(""), new Uint8Array(4096 - key("").length).fill(1));
      const value = new Uint8Array(valueBytesMax).fill(7);
      expect(await cache.set(long, value, MINUTE, within())).toEqual({ kind: "stored" });
      expect(await cache.get(long, within())).toEqual({ kind: "hit", value });
      for (const bytes of [valueBytesMax + 8192, 3 * valueBytesMax]) {
        for (const verb of ["set", "add"] as const) {
          await cache.delete(key("k"), within());
          if (verb === "set") await cache.set(key("k"), utf8("old"), MINUTE, within());
          const outcome = await cache[verb](key("k"), new Uint8Array(bytes), MINUTE, within());
          expect(outcome).toEqual({ kind: "too_large" });
          expect(await lookUp(cache, key("k"))).toBeUndefined();
        }
      }
      expect(await lookUp(cache, key("other"))).toBeUndefined();
    },
  },
  {
    name: "a very long expiry is cut, not taken for the past; none is refused",
    run: async (cache, key) => {
      for (const ttl of [30 * DAY, 30 * DAY + SECOND, 20 * 365 * DAY, Number.POSITIVE_INFINITY]) {
        await cache.set(key("k"), utf8("v"), ttl, within());
        expect(await lookUp(cache, key("k"))).toBe("v");
      }
      for (const ttl of [0, -1, Number.NaN]) {
        await failure(cache.set(key("k"), utf8("w"), ttl, within()), "INVALID_ARGUMENT");
        await failure(cache.add(key("k"), utf8("w"), ttl, within()), "INVALID_ARGUMENT");
      }
    },
  },
  {
    name: "keys past their bounds are refused",
    run: async (cache, key) => {
      for (const odd of [new Uint8Array(0), new Uint8Array(4097)]) {
        await failure(cache.get(odd, within()), "INVALID_ARGUMENT");
        await failure(cache.set(odd, key("v"), MINUTE, within()), "INVALID_ARGUMENT");
        await failure(cache.delete(odd, within()), "INVALID_ARGUMENT");
      }
    },
  },
  {
    name: "a passed deadline does nothing",
    run: async (cache, key) => {
      await cache.set(key("k"), utf8("old"), MINUTE, within());
      const late = { deadline: 0 };
      for (const work of [
        cache.get(key("k"), late),
        cache.set(key("k"), utf8("new"), MINUTE, late),
        cache.add(key("k"), utf8("new"), MINUTE, late),
        cache.delete(key("k"), late),
      ]) {
        expect((await failure(work, "DEADLINE_EXCEEDED")).applied).toBe("no");
      }
      expect(await lookUp(cache, key("k"))).toBe("old");
    },
  },
];

/** Registers all checks as tests of the surrounding `describe`. */
export function testCache(adapter: CacheAdapter): void {
  let cache: CacheEngine;
  let nativeCalls = 0;
  beforeAll(async () => {
    cache = await adapter.open({
      env,
      native: async (_label, thunk) => {
        nativeCalls += 1;
        return await thunk();
      },
    });
  });
  afterAll(async () => {
    await cache.close();
  });
  const named = [...answers, ...bounds].map((each) => [each.name, each] as const);
  test.for(named)("%s", async ([, { run }]) => {
    const prefix = randomUUID();
    await run(cache, (name) => utf8(`${prefix}/${name}`));
  });
  test("after close every call fails typed, and closing again is harmless", async () => {
    expect(nativeCalls).toBeGreaterThan(0);
    await cache.close();
    await cache.close();
    expect((await failure(cache.get(utf8("k"), within()), "UNAVAILABLE")).applied).toBe("no");
  });
}
