/** What the simulated replicas promise as an engine. */
import { type EngineCapabilities, SCAN_BUCKETS } from "kvdal/engine";

/** What the simulated engine can do: what three Cassandra replicas at quorum can. */
export const REPLICATED_CAPABILITIES: EngineCapabilities = {
  engine: "replicated",
  sharing: "shared",
  durability: { processKill: "nothing", hostLoss: "nothing", consequence: "" },
  lastWriteWins: "native",
  atomicWrite: "record",
  outcome: "accepted",
  rangeDelete: "native",
  ttl: { removal: "sweep", granularity: 1, max: Number.POSITIVE_INFINITY, removalLag: 0 },
  putIfAbsent: false,
  consistency: ["quorum"],
  eventualLag: Number.POSITIVE_INFINITY,
  inlineBytesMax: 1024 * 1024,
  keysPerReadMax: 1000,
  mutationsPerWriteMax: 1000,
  nativePageBytesMax: Number.POSITIVE_INFINITY,
  pagesByBytes: false,
  scanSegmentsMax: SCAN_BUCKETS,
  orderingGaps: [],
};

/** Those of replicas in two regions. */
export const REGIONS_CAPABILITIES: EngineCapabilities = {
  ...REPLICATED_CAPABILITIES,
  consistency: ["quorum", "global_quorum"],
};
