/** Door for those who run the service themselves: the server, its namespaces and the in-process transport. */
export {
  type Namespace,
  type NamespaceOptions,
  resolveNamespace,
  tablesOf,
  type Tiers,
} from "./namespace/namespace.ts";
export { type ChunkOwner, decodeOwner } from "./model/chunk.ts";
export {
  fixedNamespaces,
  namespaceRegistry,
  type NamespaceRegistry,
  namespaceSnapshot,
  type NamespaceSnapshot,
  type ReplaceableRegistry,
  type ServedNamespace,
} from "./namespace/registry.ts";
export { type Log, type LogOptions, logTable, resolveLog } from "./namespace/log.ts";
export { decodeEntry as decodeCacheEntry, STAMP_BYTES } from "./codec/cache-entry.ts";
export { SLOT_KIND } from "./service/cache-slots.ts";
export { type CacheOptions } from "./namespace/caching.ts";
export { type Mac, MAC_BYTES, type MacKeyring } from "./ports/mac.ts";
export { inProcess } from "./rpc/in-process.ts";
export {
  type ConsistencyDecision,
  type ConsistencyWish,
  engineConsistency,
} from "./policy/consistency.ts";
export type { LatencyObjective, Slo } from "./model/signals.ts";
export type { SloOptions } from "./namespace/slo.ts";
export type { SystemLoad } from "./ports/system-load.ts";
export { type ApplierParts, startApplier } from "./service/applier.ts";
export type { ApplyReport } from "./service/apply-lists.ts";
export type { DeadLetter, DeadLetters } from "./service/dead-letters.ts";
export { type MutationLog, mutationLog, type MutationLogParts } from "./service/mutation-log.ts";
export { type JanitorParts, startJanitor } from "./service/janitor.ts";
export type { Rounds } from "./service/rounds.ts";
export { maintain, type MaintenanceReport } from "./service/maintain.ts";
export { regionSequencer } from "./service/sequencer.ts";
export { createService, type KvService } from "./service/service.ts";
export type { ServiceCall, ServiceParts } from "./service/service-parts.ts";
