/** Tables and records by name. */
import { KvError } from "../../model/error.ts";
import type { Partition } from "../../ports/storage-engine.ts";
import { emptyRecord, type MemoryRecord } from "./memory-record.ts";

/** The tables of one store. */
export type MemoryTables = {
  readonly provision: (table: string) => void;
  /** Records of a table by id. Throws INTERNAL for a table that was never provisioned. */
  readonly records: (table: string) => Map<string, MemoryRecord>;
  /** The record, undefined where nothing was ever written. */
  readonly record: (partition: Partition) => MemoryRecord | undefined;
  /** The record, made where there is none. */
  readonly recordForWrite: (partition: Partition) => MemoryRecord;
};

/** No tables yet. */
export function createTables(): MemoryTables {
  const tables = new Map<string, Map<string, MemoryRecord>>();
  const records = (table: string): Map<string, MemoryRecord> => {
    const found = tables.get(table);
    if (found === undefined) {
      const wanted = "one that was provisioned";
      throw new KvError("INTERNAL", `table is ${table}, wanted ${wanted}`, { applied: "no" });
    }
    return found;
  };
  return {
    provision: (table) => {
      if (!tables.has(table)) tables.set(table, new Map());
    },
    records,
    record: ({ table, id }) => records(table).get(id),
    recordForWrite: ({ table, id }) => {
      const inTable = records(table);
      let record = inTable.get(id);
      if (record === undefined) {
        record = emptyRecord();
        inTable.set(id, record);
      }
      return record;
    },
  };
}
