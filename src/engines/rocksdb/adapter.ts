/**
 * RocksDB in this process, the embedded engine for persistence. Every verb is one native call: a write reads,
 * compares and writes one batch within it, so that a caller who vanishes in the middle leaves nothing half done
 * and nothing locked.
 */
import { KvError } from "../../model/error.ts";
import type {
  EngineAdapter,
  EngineCall,
  EngineCapabilities,
  EngineContext,
  Mutation,
  ScanRead,
  StorageEngine,
} from "../../ports/storage-engine.ts";
import { checkCall } from "../shared/call-guard.ts";
import type { NativeDb } from "./binding.ts";
import { storeClosed } from "./errors.ts";
import { BUCKETS } from "./keys.ts";
import { readKeys, readRange } from "./read.ts";
import { scanSegment } from "./scan.ts";
import { rowsClaimed } from "./row-lock.ts";
import { openRocksdbStore, type RocksdbStore } from "./store.ts";
import { sweepTable } from "./sweep.ts";
import { applyMutations, checkMutation, checkRow, claimOf, insertIfAbsent } from "./write.ts";

/** Where the data is: a folder that the engine opens and closes, or a store that somebody else does. */
export type RocksdbOptions = { readonly path: string } | { readonly store: RocksdbStore };

/** What the RocksDB engine can do. */
export const ROCKSDB_CAPABILITIES: EngineCapabilities = {
  engine: "rocksdb",
  sharing: "embedded",
  durability: {
    processKill: "nothing",
    hostLoss: "newest",
    consequence:
      "with the machine go the writes that its system had not brought to disk yet, some 30 s as a rule: " +
      "the binding writes its log without waiting for the disk, and cannot be told to",
  },
  lastWriteWins: "emulated",
  atomicWrite: "record",
  outcome: "known",
  rangeDelete: "emulated",
  ttl: { removal: "sweep", granularity: 1, max: Number.POSITIVE_INFINITY, removalLag: 0 },
  putIfAbsent: true,
  consistency: ["eventual", "quorum"],
  eventualLag: 0,
  inlineBytesMax: 4 * 1024 * 1024,
  keysPerReadMax: 1000,
  mutationsPerWriteMax: 1000,
  nativePageBytesMax: Number.POSITIVE_INFINITY,
  pagesByBytes: true,
  scanSegmentsMax: BUCKETS,
  orderingGaps: [],
};

/**
 * An adapter over one database. With `path`, opening makes the folder where there is none and fails UNAVAILABLE
 * while another process, or another engine, has it open; closing the engine closes the database. With `store`,
 * any number of engines may be opened, and closing one leaves the store open.
 */
export function rocksdb(options: RocksdbOptions): EngineAdapter {
  return { name: "rocksdb", open: async (context) => openRocksdb(options, context) };
}

async function openRocksdb(
  options: RocksdbOptions,
  context: EngineContext,
): Promise<StorageEngine> {
  if ("store" in options) return engineOver(options.store, context, async () => undefined);
  const store = await context.native("open", () => openRocksdbStore(options.path));
  return engineOver(store, context, () => context.native("close", store.close));
}

function engineOver(
  store: RocksdbStore,
  { env, native }: EngineContext,
  end: () => Promise<void>,
): StorageEngine {
  let closed = false;
  const check = (call: EngineCall): void => {
    if (closed) throw storeClosed();
    checkCall(call, env.clock, "no");
  };
  const run = async <T>(label: string, call: EngineCall, thunk: () => Promise<T>): Promise<T> => {
    check(call);
    return native(label, thunk);
  };
  const read = async <T>(
    label: string,
    call: EngineCall,
    work: (db: NativeDb) => Promise<T>,
  ): Promise<T> => run(label, call, () => store.use(work));
  return {
    capabilities: ROCKSDB_CAPABILITIES,
    provision: async (_spec, call) => check(call),
    write: async (partition, mutations, call) => {
      checkMutations(mutations);
      return run("write", call, () =>
        store.exclusive(partition, claimOf(mutations), (db) => {
          // The wait for others may have been long, and the engine closed meanwhile.
          check(call);
          return applyMutations(db, partition, mutations);
        }),
      );
    },
    readKeys: async (request, call) =>
      read("readKeys", call, (db) => readKeys(db, request, call.now)),
    readRange: async (request, call) =>
      read("readRange", call, (db) => readRange(db, request, call.now)),
    putIfAbsent: async (partition, row, call) => {
      checkRow(row, ROCKSDB_CAPABILITIES.inlineBytesMax);
      return run("putIfAbsent", call, () =>
        store.exclusive(partition, rowsClaimed([row.key]), (db) => {
          check(call);
          return insertIfAbsent(db, partition, row, call.now);
        }),
      );
    },
    scan: async (request, call) => {
      checkSegment(request);
      return read("scan", call, (db) => scanSegment(db, request, call.now));
    },
    sweep: async (request, call) => run("sweep", call, () => sweepTable(store, request, call.now)),
    close: async () => {
      closed = true;
      await end();
    },
  };
}

function checkMutations(mutations: readonly Mutation[]): void {
  const { mutationsPerWriteMax, inlineBytesMax } = ROCKSDB_CAPABILITIES;
  if (mutations.length > mutationsPerWriteMax) {
    const found = `a write has ${mutations.length} mutations`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted at most ${mutationsPerWriteMax}`);
  }
  for (const mutation of mutations) checkMutation(mutation, inlineBytesMax);
}

function checkSegment({ segment: { index, of } }: ScanRead): void {
  if (Number.isInteger(of) && of >= 1 && of <= BUCKETS && index >= 0 && index < of) return;
  throw new KvError("INVALID_ARGUMENT", `segment is ${index} of ${of}, wanted at most ${BUCKETS}`);
}
