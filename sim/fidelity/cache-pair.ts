/** Two caches for the fidelity check. */
import { concatBytes, DAY, KvError, type Micros, MILLISECOND, SECOND, toHex, utf8 } from "kvdal";
import { type Env, sleep } from "kvdal/client";
import type { CacheAdapter, CacheAnswer, CacheCall, CacheEngine, CacheStored } from "kvdal/engine";
import { chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import { type Comparison, type FidelityPair, listRandom } from "./check.ts";

/** One operation on one of a list's keys. */
export type CacheOperation =
  | { readonly kind: "get" | "delete"; readonly key: number; readonly isLate: boolean }
  | {
      readonly kind: "set" | "add";
      readonly key: number;
      readonly bytes: number;
      /** What the value is filled with. */
      readonly fill: number;
      readonly ttl: Micros;
      readonly isLate: boolean;
    }
  /** Until whatever was to live for a short time is over, by whatever tick. */
  | { readonly kind: "wait" };

/** What a pair is made of. */
export type CachePairOptions = {
  readonly name: string;
  readonly adapters: readonly [left: CacheAdapter, right: CacheAdapter];
  readonly env: Env;
  /** Begins every key: new for each check. */
  readonly tag: string;
};

/** A caller that waits for less does not see what it asks for on a busy machine. */
const TIMEOUT: Micros = 30 * SECOND;
/** A cache counts whole seconds: an entry ends up to one early, and may be told of up to one late. */
const UNIT: Micros = SECOND;
const SHORT: Micros = 2 * SECOND;
const WAIT: Micros = SHORT + UNIT + 200 * MILLISECOND;
const TTLS: readonly Micros[] = [SHORT, 60 * SECOND, DAY, 40 * DAY, 0];
const MIB = 1024 * 1024;
/** Around the largest item of memcached; what lies between is the server's own affair. */
const SIZES: readonly number[] = [0, 1, 100, 5_000, 5_000, MIB - 8 * 1024, MIB + 1];
const KEYS = [utf8("a"), utf8("a b\r\n"), new Uint8Array(300).fill(0x6b)];

/** Opens both. Rejects as they do. */
export async function openCachePair(
  options: CachePairOptions,
): Promise<FidelityPair<CacheOperation>> {
  const { name, adapters, env, tag } = options;
  const context = { env, native: <T>(_label: string, thunk: () => Promise<T>) => thunk() };
  const caches = await Promise.all(adapters.map((adapter) => adapter.open(context)));
  return {
    name,
    draw: (seed) => drawOperations(listRandom(seed, name)),
    compare: (operations, _seed, turn) =>
      compareLists(caches, operations, { env, prefix: utf8(`${tag}-${turn}-`) }),
    tell: (operation) => JSON.stringify(operation),
    smaller: () => [],
    close: async () => {
      for (const cache of caches) await cache.close();
    },
  };
}

function drawOperations(random: KeyedRandom): readonly CacheOperation[] {
  const waits = chance(random, 1, 6);
  const length = 4 + random.below(20);
  return Array.from({ length }, (_, i) =>
    waits && i === length >> 1 ? { kind: "wait" } : drawOperation(random),
  );
}

function drawOperation(random: KeyedRandom): CacheOperation {
  const common = { key: random.below(KEYS.length), isLate: chance(random, 1, 30) };
  const roll = random.below(10);
  if (roll < 4) return { ...common, kind: "get" };
  if (roll < 5) return { ...common, kind: "delete" };
  const kind = roll < 8 ? "set" : "add";
  const [bytes, ttl] = [pick(random, SIZES), pick(random, TTLS)];
  return { ...common, kind, bytes, ttl, fill: 97 + random.below(26) };
}

type Stage = { readonly env: Env; readonly prefix: Uint8Array };

/** When what lies under a key surely still is there, and when it surely is gone. */
type Life = { readonly until: Micros; readonly gone: Micros };

/** One cache took an entry that the other did not: so until the next that both take, or a deletion. */
const UNKNOWN: Life = { until: Number.NEGATIVE_INFINITY, gone: Number.POSITIVE_INFINITY };

async function compareLists(
  caches: readonly CacheEngine[],
  operations: readonly CacheOperation[],
  stage: Stage,
): Promise<Comparison> {
  const { env } = stage;
  let compared = 0;
  const lives = new Map<number, Life>();
  for (const [at, operation] of operations.entries()) {
    if (operation.kind === "wait") {
      await sleep(env.timers, WAIT);
      continue;
    }
    const begun = env.clock.monotonic();
    const [left, right] = (await Promise.all(
      caches.map((cache) => perform(cache, operation, stage)),
    )) as [string, string];
    const ended = env.clock.monotonic();
    const life = lives.get(operation.key);
    // Within a unit of its end an entry may be there or not: there the two may go apart, rightly.
    const isInDoubt = life !== undefined && ended > life.until && begun < life.gone;
    if (isInDoubt && left !== right && (operation.kind === "get" || operation.kind === "add")) {
      if (operation.kind === "add") lives.set(operation.key, UNKNOWN);
      continue;
    }
    compared += 1;
    if (left !== right) return { compared, difference: { at, left, right } };
    if (left === "stored" && "ttl" in operation) {
      const { ttl } = operation;
      lives.set(operation.key, { until: begun + ttl - UNIT, gone: ended + ttl + UNIT });
    } else if (left === "deleted" || left === "too_large") lives.delete(operation.key);
  }
  return { compared, difference: undefined };
}

async function perform(
  cache: CacheEngine,
  operation: Exclude<CacheOperation, { kind: "wait" }>,
  { env, prefix }: Stage,
): Promise<string> {
  const key = concatBytes(prefix, KEYS[operation.key] as Uint8Array);
  const call = { deadline: env.clock.monotonic() + (operation.isLate ? -1 : TIMEOUT) };
  try {
    return await answerOf(cache, operation, key, call);
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    return `${error.code}, applied: ${error.applied}`;
  }
}

async function answerOf(
  cache: CacheEngine,
  operation: Exclude<CacheOperation, { kind: "wait" }>,
  key: Uint8Array,
  call: CacheCall,
): Promise<string> {
  switch (operation.kind) {
    case "get":
      return hitText(await cache.get(key, call));
    case "delete":
      await cache.delete(key, call);
      return "deleted";
    case "set":
    case "add": {
      const value = new Uint8Array(operation.bytes).fill(operation.fill);
      const stored: CacheStored = await cache[operation.kind](key, value, operation.ttl, call);
      return stored.kind;
    }
    default:
      throw operation satisfies never;
  }
}

function hitText(answer: CacheAnswer): string {
  if (answer.kind === "miss") return "miss";
  const { value } = answer;
  // All its bytes are one: the first that is another is told.
  const other = value.findIndex((byte) => byte !== value[0]);
  return `hit of ${value.length} bytes: ${toHex(value.subarray(0, 8))}, ${other}`;
}
