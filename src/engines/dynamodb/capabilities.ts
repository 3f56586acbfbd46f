/** What DynamoDB can do, as values. */
import { DAY, SECOND } from "../../model/time.ts";
import type { EngineCapabilities } from "../../ports/storage-engine.ts";
import { SCAN_SEGMENTS_MAX } from "./scan.ts";

/**
 * Largest inline value, bytes. An item may have 400 KiB with everything: metadata may take 64 KiB of it, id and key
 * 2 KiB, and the rest is for names, version and times.
 */
export const INLINE_BYTES_MAX: number = 320 * 1024;

/** Most keys of one BatchGetItem. */
export const KEYS_PER_READ_MAX = 100;

/**
 * The capabilities with or without removal by DynamoDB itself.
 *
 * One write is one request an item: readers may see some of it before the rest. Every item is compared by version in
 * DynamoDB, without gaps. A row that has expired is kept until the retention is over, so that it goes on hiding
 * older writes; DynamoDB removes it within two days from then.
 */
export function dynamodbCapabilities(nativeTtl: boolean): EngineCapabilities {
  return {
    engine: "dynamodb",
    sharing: "shared",
    // The service has three copies on disk before it answers; DynamoDB Local, for tests, keeps all in memory.
    durability: { processKill: "nothing", hostLoss: "nothing", consequence: "" },
    lastWriteWins: "emulated",
    atomicWrite: "item",
    outcome: "accepted",
    rangeDelete: "emulated",
    ttl: {
      removal: nativeTtl ? "native" : "sweep",
      granularity: nativeTtl ? SECOND : 1,
      max: Infinity,
      removalLag: nativeTtl ? 2 * DAY : Infinity,
    },
    putIfAbsent: true,
    consistency: ["eventual", "quorum"],
    // "Usually within a second", says its documentation; longer is rare and not excluded.
    eventualLag: 10 * SECOND,
    inlineBytesMax: INLINE_BYTES_MAX,
    keysPerReadMax: KEYS_PER_READ_MAX,
    mutationsPerWriteMax: 1000,
    nativePageBytesMax: 1024 * 1024,
    pagesByBytes: false,
    scanSegmentsMax: SCAN_SEGMENTS_MAX,
    orderingGaps: [],
  };
}
