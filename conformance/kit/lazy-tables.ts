/**
 * Tables that are made when they are first written or read. Every namespace has a table for chunks, hardly a case
 * writes one, and on some engines a table takes longer to make than a case takes to run.
 */
import type { EngineCall, StorageEngine, TableSpec } from "kvdal/engine";

/**
 * `engine`, whose tables for which `isLazy` holds are made by the first write or read of a record: another server may
 * have written what is read here. Until then a walk over the whole table finds it empty.
 */
export function lazyTables(
  engine: StorageEngine,
  isLazy: (spec: TableSpec) => boolean,
): StorageEngine {
  const waiting = new Map<string, TableSpec>();
  const making = new Map<string, Promise<void>>();
  const make = (table: string, call: EngineCall): Promise<void> | undefined => {
    const spec = waiting.get(table);
    if (spec === undefined) return undefined;
    let made = making.get(table);
    if (made === undefined) {
      made = engine.provision(spec, call).then(
        () => void waiting.delete(table),
        (error: unknown) => {
          making.delete(table);
          throw error;
        },
      );
      making.set(table, made);
    }
    return made;
  };
  return {
    ...engine,
    provision: async (spec, call) => {
      if (isLazy(spec)) waiting.set(spec.table, spec);
      else await engine.provision(spec, call);
    },
    write: async (partition, mutations, call) => {
      await make(partition.table, call);
      return engine.write(partition, mutations, call);
    },
    putIfAbsent: async (partition, row, call) => {
      await make(partition.table, call);
      return engine.putIfAbsent(partition, row, call);
    },
    readKeys: async (read, call) => {
      await make(read.table, call);
      return engine.readKeys(read, call);
    },
    readRange: async (read, call) => {
      await make(read.table, call);
      return engine.readRange(read, call);
    },
    scan: async (read, call) =>
      waiting.has(read.table)
        ? { entries: [], rowsExamined: 0, cursor: undefined }
        : engine.scan(read, call),
    sweep: async (request, call) =>
      waiting.has(request.table)
        ? { rowsExamined: 0, rowsRemoved: 0, cursor: undefined }
        : engine.sweep(request, call),
  };
}
