/** What Cassandra can do, as values. */
import { SECOND } from "../../model/time.ts";
import type { EngineCapabilities } from "../../ports/storage-engine.ts";
import { SCAN_SEGMENTS_MAX } from "./scan.ts";

/** Largest inline value, bytes: the published chunk threshold. A frame would take 16 MiB, the heap would not. */
export const INLINE_BYTES_MAX: number = 1024 * 1024;

/** Most keys of one IN. */
export const KEYS_PER_READ_MAX = 100;

const TTL_SECOND_GAP =
  "two expiring puts to one key at one microsecond whose expiries lie within two seconds of each other: " +
  "Cassandra compares the seconds that the coordinators counted at arrival";
const TTL_WALL_GAP =
  "two expiring puts to one key at one microsecond of which only one ends before 2038-01-18: " +
  "the one with an expiry of Cassandra's own wins";

const COMMIT_LOG =
  "a node with commitlog_sync periodic, the default, loses about 100 ms of writes when it is killed and up to " +
  "commitlog_sync_period with its machine, with batch or group nothing; what a quorum of copies acknowledged is " +
  "lost only when so many of them crash together that no majority is left";

/**
 * The capabilities with or without expiry by Cassandra itself.
 *
 * One write is one batch of one partition, so readers see all of it or nothing; it is at most 12 MiB. Cell
 * timestamps are `time * 4 + rank` (see timestamps.ts): manual CQL must use the same scale.
 */
export function cassandraCapabilities(nativeTtl: boolean): EngineCapabilities {
  return {
    engine: "cassandra",
    sharing: "shared",
    durability: { processKill: "newest", hostLoss: "newest", consequence: COMMIT_LOG },
    lastWriteWins: "native",
    atomicWrite: "record",
    outcome: "accepted",
    rangeDelete: "native",
    ttl: {
      removal: nativeTtl ? "native" : "sweep",
      granularity: nativeTtl ? SECOND : 1,
      // What Cassandra would not take is kept without its TTL, and removed by sweep.
      max: Infinity,
      // Compaction comes when it comes.
      removalLag: Infinity,
    },
    putIfAbsent: false,
    consistency: ["eventual", "quorum", "global_quorum"],
    // Every copy is sent a write at once; a node that is busy may drop it after its write_request_timeout.
    eventualLag: 10 * SECOND,
    inlineBytesMax: INLINE_BYTES_MAX,
    keysPerReadMax: KEYS_PER_READ_MAX,
    mutationsPerWriteMax: 1000,
    nativePageBytesMax: Infinity,
    pagesByBytes: false,
    scanSegmentsMax: SCAN_SEGMENTS_MAX,
    orderingGaps: nativeTtl ? [TTL_SECOND_GAP, TTL_WALL_GAP] : [],
  };
}
