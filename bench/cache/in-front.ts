/** One store over Cassandra with two namespaces, one of them with memcached in front, and the same calls of both. */
import { randomBytes } from "node:crypto";
import { hmacSha256, open, systemEnv } from "kvdal";
import { type EngineAdapter, memcached } from "kvdal/engine";
import { callByCall, type ContestSize } from "../compare/contest.ts";
import { clientOver } from "../compare/in-memory.ts";
import { type Spread, spreadOf } from "../report.ts";

/** What is measured, in this order, round by round: an item's first get after a put is a miss, which fills the cache. */
export const CACHED_VERBS = { put: "put", fill: "first get after it", hit: "get again" } as const;

/** One of them. */
export type CachedVerb = keyof typeof CACHED_VERBS;

/** Microseconds a call, one sample a round; the ratio is the cached one's in parts of the plain one's. */
export type CachedFigures = {
  readonly verb: CachedVerb;
  readonly plain: Spread;
  readonly cached: Spread;
  readonly ratio: Spread;
};

const VERBS = Object.keys(CACHED_VERBS) as readonly CachedVerb[];

/** Measures all of them; `calls` is at most the contest's number of items. */
export async function inFront(
  engine: EngineAdapter,
  cacheAddress: string,
  { rounds, calls }: ContestSize,
): Promise<readonly CachedFigures[]> {
  // The cache outlives the run: nothing in it may be another run's.
  const [plain, cached] = ["plain", "cached"].map((name) => `${name}_${randomId()}`) as [
    string,
    string,
  ];
  const store = await open({
    engine,
    cache: memcached({ endpoint: cacheAddress }),
    namespaces: [{ name: plain }, { name: cached, cache: {} }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
  });
  const clients = [clientOver(store, plain), clientOver(store, cached)];
  const samples = new Map(VERBS.map((verb) => [verb, [] as (readonly number[])[]]));
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const verb of VERBS) {
        const call = verb === "put" ? "put" : "get";
        const micros = await callByCall(clients, call, calls);
        // In the first round code is compiled, connections are opened, statements prepared.
        if (round > 0) samples.get(verb)?.push(micros);
      }
    }
  } finally {
    await store.close();
  }
  return VERBS.map((verb) => figuresOf(verb, samples.get(verb) ?? []));
}

function figuresOf(verb: CachedVerb, rounds: readonly (readonly number[])[]): CachedFigures {
  const of = (index: number): number[] => rounds.map((micros) => micros[index] ?? Number.NaN);
  const [plain, cached] = [of(0), of(1)];
  const ratio = cached.map((micros, i) => micros / (plain[i] ?? Number.NaN));
  return { verb, plain: spreadOf(plain), cached: spreadOf(cached), ratio: spreadOf(ratio) };
}

function randomId(): string {
  return randomBytes(4).toString("hex");
}
