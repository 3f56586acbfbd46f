/** Door for those who configure namespaces: reading configurations, following them, saying what is wrong. */
export { type ShadowCounters, type ShadowEvent } from "./engines/shared/shadow-engine.ts";
export { type ConfigProblem, problemLine } from "./namespace/config-problem.ts";
export { type MemoryNamespaces, memoryNamespaces } from "./namespace/memory-namespaces.ts";
export type {
  CacheTier,
  LatencySlo,
  NamespaceConfig,
  ShadowTier,
  SloApi,
  StorageTier,
} from "./namespace/namespace-config.ts";
export type { StorageType } from "./namespace/raw-namespace.ts";
export { type ConfigReading, readNamespaces } from "./namespace/read-namespaces.ts";
export type { CachesByCluster, EnginesByCluster } from "./namespace/route-namespace.ts";
export {
  type NamespaceReport,
  type NamespaceWatch,
  watchNamespaces,
  type WatchParts,
} from "./namespace/watch-namespaces.ts";
export type { NamespaceDocument, NamespaceSource } from "./ports/namespace-source.ts";
