/** An engine whose reads are counted, at the port: what the service asks and what it gets. */
import type { EngineAdapter, RowsPage, StorageEngine } from "kvdal/engine";

/** Sums over reads. Bytes are those of keys and values of the rows that came. */
export type ReadCounts = { reads: number; rows: number; rowsExamined: number; bytes: number };

/** The adapter, whose engines count into `counts`. */
export function countedEngine(adapter: EngineAdapter, counts: ReadCounts): EngineAdapter {
  const counted = async (read: Promise<RowsPage>): Promise<RowsPage> => {
    counts.reads += 1;
    const page = await read;
    counts.rows += page.rows.length;
    counts.rowsExamined += page.rowsExamined;
    for (const { key, value } of page.rows) counts.bytes += key.length + value.length;
    return page;
  };
  return {
    name: adapter.name,
    open: async (context) => {
      const engine: StorageEngine = await adapter.open(context);
      return {
        ...engine,
        readKeys: (read, call) => counted(engine.readKeys(read, call)),
        readRange: (read, call) => counted(engine.readRange(read, call)),
      };
    },
  };
}
