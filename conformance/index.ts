/** Door for authors of engine adapters: the cases, the runner and the reports; and where real engines come from. */
import type { EngineName, EngineOptions, RealEngine, Unavailable } from "./backends/backend.ts";
import type { CassandraCluster, ClusterOptions } from "./backends/cluster.ts";

export { cacheCases, storageCases } from "./cases/all.ts";
export { type CacheDoor, cacheDoor, type CacheStore } from "./kit/cache-store.ts";
export type { ChunkRow, ChunkRows } from "./kit/chunk-rows.ts";
export type { CacheCase, Case, ConformanceCase, NamespaceWish } from "./kit/conformance-case.ts";
export {
  type Around,
  type ClientWish,
  type Deployment,
  type Door,
  type DoorOptions,
  type DoorWish,
  type DropTable,
  engineDoor,
} from "./kit/door.ts";
export type { ServerLogs } from "./kit/server-logs.ts";
export type { CacheProbe } from "./kit/watch-cache.ts";
export type { EngineUnderTest } from "./kit/engine-under-test.ts";
export type { EngineWatch, SeenCall } from "./kit/watch-engine.ts";
export { ConformanceFailure } from "./kit/failure.ts";
export { inMode, type Mode, modeOptions } from "./kit/modes.ts";
export type { CacheNeed, Need } from "./kit/need.ts";
export { type CacheTarget, runCacheCases } from "./kit/run-cache.ts";
export { runStorageCases, type StorageTarget, type SuiteOptions } from "./kit/run-storage.ts";
export type { CaseResult } from "./kit/runner.ts";
export type { ConformanceStore } from "./kit/store.ts";
export { type Rule, RULES } from "./rules.ts";
export { UNTESTED } from "./untested.ts";
export { reportJson } from "./report/json.ts";
export type { ConformanceReport } from "./report/report.ts";
export { resultLines, summaryLines } from "./report/text.ts";
export type { RaceServer } from "./race/lossy-cache.ts";
export { type NamedProtocol, PROTOCOLS } from "./race/protocols.ts";
export { race, type RaceParts, type RaceResult } from "./race/run-race.ts";
export type { EngineName, EngineOptions, RealEngine, Unavailable } from "./backends/backend.ts";
export { type CassandraCluster, CLUSTER_NODES, type ClusterOptions } from "./backends/cluster.ts";

/**
 * A running real engine: an endpoint named by environment variable, a container, or a plain process; or why there
 * is none. Loads the container library when called, not before.
 *
 * @throws Error when an engine that is there does not come up.
 */
export async function openEngine(
  engine: EngineName,
  options?: EngineOptions,
): Promise<RealEngine | Unavailable> {
  const { openEngine: open } = await import("./backends/real-engines.ts");
  return open(engine, options);
}

/** Three Cassandra nodes that know each other, as containers; or why there are none. As `openEngine` otherwise. */
export async function openCluster(
  options?: ClusterOptions,
): Promise<CassandraCluster | Unavailable> {
  const { openCluster: open } = await import("./backends/open-cluster.ts");
  return open(options);
}

/** Builds the engines' images that are missing, saying each step; returns the tags that were built. */
export async function buildImages(say: (line: string) => void): Promise<readonly string[]> {
  const { buildImages: build } = await import("./images/build.ts");
  return build(say);
}

/**
 * Ends the engines that this project started on this machine, but those of test runs that still go on; within a test
 * run only its own. Returns how many.
 */
export async function stopEngines(): Promise<number> {
  const { stopEngines: stop } = await import("./backends/real-engines.ts");
  return stop();
}

/** Empties a memcached. */
export async function flushMemcached(engine: RealEngine): Promise<void> {
  const { flushMemcached: flush } = await import("./backends/memcached-flush.ts");
  await flush(engine.endpoint());
}
