/** Tables and records by name. */
import { KvError } from "../../model/error.ts";
import type { Partition } from "../../ports/storage-engine.ts";
import { emptyRecord, type MemoryRecord } from "./memory-record.ts";
import { ScanOrder } from "./scan-order.ts";

/** The tables of one store. */
export type MemoryTables = {
  readonly provision: (table: string) => void;
  /** Records of a table by id. Throws INTERNAL for a table that was never provisioned. */
  readonly records: (table: string) => Map<string, MemoryRecord>;
  /** The record, undefined where nothing was ever written. */
  readonly record: (partition: Partition) => MemoryRecord | undefined;
  /** The record, made where there is none. */
  readonly recordForWrite: (partition: Partition) => MemoryRecord;
  /** The ids of a bucket of a table, in order; some may be gone. */
  readonly bucket: (table: string, index: number) => readonly string[];
};

type MemoryTable = { readonly records: Map<string, MemoryRecord>; readonly order: ScanOrder };

/** No tables yet. */
export function createTables(): MemoryTables {
  const tables = new Map<string, MemoryTable>();
  const find = (table: string): MemoryTable => {
    const found = tables.get(table);
    if (found === undefined) {
      const wanted = "one that was provisioned";
      throw new KvError("INTERNAL", `table is ${table}, wanted ${wanted}`, { applied: "no" });
    }
    return found;
  };
  return {
    provision: (table) => {
      if (!tables.has(table)) tables.set(table, { records: new Map(), order: new ScanOrder() });
    },
    records: (table) => find(table).records,
    record: ({ table, id }) => find(table).records.get(id),
    recordForWrite: ({ table, id }) => {
      const { records, order } = find(table);
      let record = records.get(id);
      if (record === undefined) {
        record = emptyRecord();
        records.set(id, record);
        order.add(id);
      }
      return record;
    },
    bucket: (table, index) => {
      const { records, order } = find(table);
      return order.bucket(index, records);
    },
  };
}
