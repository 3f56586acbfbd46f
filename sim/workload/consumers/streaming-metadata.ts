/**
 * Streaming metadata: titles that everybody reads and hardly anybody writes. Published: a read-heavy consumer with small
 * values and a cache; of the planner's priors the latency class (reads of 128 B to 64 KiB, 1, 3 and 6 ms, none above
 * 10 ms), 100 reads a write, a cache TTL of 180 s.
 *
 * Here: 12 titles of 6 items, chosen by Zipf's law; values of 8 to 64 bytes (1 : 16 of 128 B and 1 KiB); read in multi-gets
 * of one to three items, and whole. 4 clients fill the catalogue with 3 puts each, and then one call in 100 writes. No
 * expiry, no deletion. Cache of 180 ms (1 s is 1 ms); reads at most 40 ms long, hedged at 12
 * ms (the links of worlds are slower than a data centre's by about as much). Read-your-writes, though a consumer of
 * this kind would tolerate what is as old as its cache's TTL.
 *
 * Own measure: where neither the cache nor anything else fails, it carries a share of the reads (CACHE-1).
 */
import { type Micros, MILLISECOND } from "kvdal";
import type { Violation } from "../../check/history.ts";
import { between, chance, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import { isCalm } from "../of-plan.ts";
import type { Plan } from "../plan.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import {
  cacheOf,
  type Drawn,
  namedKeys,
  numbered,
  pageOf,
  putOf,
  smallValuesIn,
  someKeys,
  topologyOf,
  zipf,
} from "./draw.ts";

const TITLES = 12;
const KEYS = namedKeys("artwork", "audio", "cast", "rating", "synopsis", "title");
const ALL: readonly number[] = KEYS.map((_, key) => key);
const CACHE_TTL: Micros = 180 * MILLISECOND;
const LEVELS = { readMax: 40 * MILLISECOND, target: 12 * MILLISECOND };
/** Reads without which a share says nothing. */
const READS_LEAST = 100;
/** Of reads of a sound cache at least this share comes from it. */
const CARRIED_LEAST = 0.4;

/** The consumer. */
export const streamingMetadata: Consumer = {
  name: "streaming-metadata",
  line: "titles that all read and hardly anybody writes: 100 reads a write, Zipf, multi-gets, a cache",
  isCached: true,
  topologyFrom: (given) => topologyOf(given, 4, 75),
  shape,
  check: checkCarried,
};

function shape(
  { topology, cache, slowEngine, namespace }: Plan,
  random: KeyedRandom,
): Partial<Plan> {
  const thinkMax = between(random, 0, 4) * MILLISECOND;
  const drawClient = (client: number): readonly Drawn[] => [
    ...titlesOf(client, topology.clients).map((title) =>
      putOf(title, 0, { keys: ALL, bytes: pick(random, [8, 64]) }),
    ),
    ...Array.from({ length: topology.operationsPerClient }, () => drawCall(random, thinkMax)),
  ];
  return {
    keys: KEYS,
    records: TITLES,
    namespace: smallValuesIn(namespace),
    operations: Array.from({ length: topology.clients }, (_, client) =>
      numbered(drawClient(client), client, topology, random),
    ),
    cache: cacheOf(cache, CACHE_TTL),
    slowEngine: { ...slowEngine, levels: LEVELS, change: { ...slowEngine.change, levels: LEVELS } },
  };
}

function titlesOf(client: number, clients: number): readonly number[] {
  return Array.from({ length: TITLES }, (_, title) => title).filter(
    (title) => title % clients === client,
  );
}

function drawCall(random: KeyedRandom, thinkMax: Micros): Drawn {
  const title = zipf(random, TITLES);
  const think = random.below(thinkMax + 1);
  if (chance(random, 1, 100)) {
    return putOf(title, think, { keys: someKeys(random, KEYS.length, 2), bytes: 64 });
  }
  if (chance(random, 2, 5)) {
    return pageOf(title, think, { from: 0, to: KEYS.length, bytes: 4_096 });
  }
  return { kind: "get", record: title, think, keys: someKeys(random, KEYS.length, 3) };
}

function checkCarried({ plan, history }: ConsumerView): Violation | undefined {
  if (!isSound(plan)) return undefined;
  const own = new Set(plan.operations.flat().map(({ index }) => index));
  const reads = history.reads.filter(({ operation }) => own.has(operation));
  const carried = reads.filter(({ cached }) => cached).length;
  if (reads.length < READS_LEAST || carried >= CARRIED_LEAST * reads.length) return undefined;
  return {
    rule: "CACHE-1",
    what: `of ${reads.length} reads a sound cache carried ${carried}, wanted at least ${100 * CARRIED_LEAST} %`,
    operations: [],
  };
}

/** Nothing that a read of the cache could fail by, or that keeps whole titles out of it. */
function isSound(plan: Plan): boolean {
  const { cache, network, namespace } = plan;
  if (cache === undefined || cache.sharesHashes) return false;
  // A marker that ends before its reader is back from the engine lets nothing be believed that is filled under it.
  const patience = 10 * network.latencyMax;
  if (cache.marker < patience || cache.timeout < patience / 2) return false;
  if (namespace.rowsPerCallMax <= 2 * KEYS.length) return false;
  const chances = [cache.evictPpm, cache.silentPpm, cache.latePpm, cache.slowWritePpm];
  const times = [cache.flushes, cache.away, cache.cutOff];
  return (
    chances.every((ppm) => ppm === 0) &&
    times.every(({ length }) => length === 0) &&
    isCalm({ ...plan, cache: undefined })
  );
}
