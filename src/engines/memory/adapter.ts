/**
 * The in-memory engine: the reference for all others. Each verb is one native call that runs without interruption,
 * so any number of servers may share it. Everything is gone with the process.
 */
import { type Micros } from "../../model/time.ts";
import { KvError } from "../../model/error.ts";
import type {
  EngineAdapter,
  EngineCall,
  EngineCapabilities,
  EngineContext,
  StorageEngine,
} from "../../ports/storage-engine.ts";
import { checkCall } from "../shared/call-guard.ts";
import { SCAN_BUCKETS } from "../shared/scan-buckets.ts";
import { ownMutation, ownRow } from "../shared/own-bytes.ts";
import { applyToRecord } from "./memory-record.ts";
import { createTables, type MemoryTables } from "./memory-tables.ts";
import { insertIfAbsent, readKeysOf, readRangeOf, sweepTable } from "./memory-verbs.ts";
import { scanTable } from "./scan-table.ts";

/** What the memory engine can do. */
export const MEMORY_CAPABILITIES: EngineCapabilities = {
  engine: "memory",
  sharing: "shared",
  durability: {
    processKill: "everything",
    hostLoss: "everything",
    consequence: "everything is gone with the process: it is kept in its memory alone",
  },
  lastWriteWins: "emulated",
  atomicWrite: "record",
  outcome: "known",
  rangeDelete: "emulated",
  ttl: { removal: "sweep", granularity: 1, max: Number.POSITIVE_INFINITY, removalLag: 0 },
  putIfAbsent: true,
  consistency: ["eventual", "quorum"],
  eventualLag: 0,
  inlineBytesMax: 16 * 1024 * 1024,
  keysPerReadMax: 1000,
  mutationsPerWriteMax: 1000,
  nativePageBytesMax: Number.POSITIVE_INFINITY,
  pagesByBytes: true,
  scanSegmentsMax: SCAN_BUCKETS,
  orderingGaps: [],
};

/** An adapter over one store in this process; every engine it opens sees the same tables. */
export function memory(): EngineAdapter {
  const tables = createTables();
  return { name: "memory", open: async (context) => openMemory(tables, context) };
}

function openMemory(tables: MemoryTables, context: EngineContext): StorageEngine {
  let closed = false;
  const run = <T>(label: string, call: EngineCall, work: (now: Micros) => T): Promise<T> => {
    if (closed) throw new KvError("UNAVAILABLE", "the memory engine is closed");
    checkCall(call, context.env.clock, "no");
    return context.native(label, async () => work(call.now));
  };
  return {
    capabilities: MEMORY_CAPABILITIES,
    provision: async (spec, call) => run("provision", call, () => tables.provision(spec.table)),
    write: async (partition, mutations, call) =>
      run("write", call, () => {
        const record = tables.recordForWrite(partition);
        return mutations.map((mutation) => applyToRecord(record, ownMutation(mutation)));
      }),
    readKeys: async (read, call) =>
      run("readKeys", call, (now) => readKeysOf(tables.record(read), read, now)),
    readRange: async (read, call) =>
      run("readRange", call, (now) => readRangeOf(tables.record(read), read, now)),
    putIfAbsent: async (partition, row, call) =>
      run("putIfAbsent", call, (now) =>
        insertIfAbsent(tables.recordForWrite(partition), ownRow(row), now),
      ),
    scan: async (read, call) => run("scan", call, (now) => scanTable(tables, read, now)),
    sweep: async (request, call) => run("sweep", call, (now) => sweepTable(tables, request, now)),
    close: async () => {
      closed = true;
    },
  };
}
