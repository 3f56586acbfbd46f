/** Puts the cache of a plan into its world, and counts what came of it. */
import type { Micros, RecordedTelemetry } from "kvdal";
import { CacheWatch } from "../../world/cache-watch.ts";
import type { Network } from "../../world/network.ts";
import { SimNode } from "../../world/node.ts";
import type { World } from "../../world/world.ts";
import type { Plan } from "../../workload/plan.ts";
import { simulatedEntries } from "./entries.ts";
import type { RealCacheFactory } from "./real-entries.ts";
import { WorldCache } from "./world-cache.ts";

/** What a cache did, for the report and for proof that it was of use. */
export type CacheCounters = {
  /** Questions answered by it, and those that it had no answer to. */
  readonly hits: number;
  readonly misses: number;
  /** Entries found and not believed, and stamps of writes under way. */
  readonly stale: number;
  readonly markers: number;
  readonly shared: number;
  readonly failures: number;
  readonly refusedWrites: number;
};

const TRUE_CLOCK = { offset: 0, driftPpm: 0, resolution: 1 };

/** The cache of a world, if its plan has one: over a real one, where that is given. */
export function createCache(
  world: World,
  network: Network,
  { cache: plan, clocks, topology, troubles }: Plan,
  real: RealCacheFactory | undefined,
): WorldCache | undefined {
  if (plan === undefined) return undefined;
  const node = new SimNode(world, { index: clocks.length, clock: TRUE_CLOCK });
  const entries = real?.create(plan) ?? simulatedEntries(plan);
  const watch = new CacheWatch(plan, () => world.now, stepsBack({ clocks, troubles }));
  const { clients } = topology;
  return new WorldCache({ world, network, node, clients, plan, entries, watch });
}

/** By how much clocks may be seen to go back. A coarse one shows multiples: a step less than one may show as a whole one. */
function stepsBack({ clocks, troubles }: Pick<Plan, "clocks" | "troubles">): Micros {
  const coarsest = Math.max(...clocks.map(({ resolution }) => resolution));
  const back = troubles.filter(({ kind }) => kind === "clock_step_back");
  return back.reduce((sum, { by }) => sum + Math.abs(by) + coarsest - 1, 0);
}

/** What of it was counted. */
export function cacheCounters({ counter }: RecordedTelemetry): CacheCounters {
  return {
    hits: counter("cache_hits"),
    misses: counter("cache_misses"),
    stale: counter("cache_stale"),
    markers: counter("cache_markers"),
    shared: counter("cache_reads_shared"),
    failures: counter("cache_failures"),
    refusedWrites: counter("cache_writes_refused"),
  };
}
