/** The rows of a namespace's chunk store, seen and harmed past all servers: for what leaks, and for what is lost. */
import { deleteVersion, type Micros, putVersion } from "kvdal";
import type { EngineCall, Mutation, Row } from "kvdal/engine";
import type { Namespace } from "kvdal/service";

/** A row and the partition it lies in. */
export type ChunkRow = { readonly partition: string; readonly row: Row };

/** What may be done there. */
export type ChunkRows = {
  /** All live rows, those that say that a partition is doomed among them; partition by partition, in key order. */
  readonly list: () => Promise<readonly ChunkRow[]>;
  /** Has the row hold another value. */
  readonly replace: (at: ChunkRow, value: Uint8Array) => Promise<void>;
  readonly remove: (at: ChunkRow) => Promise<void>;
};

const ROWS_PER_PAGE = 500;
/** How long a row's trace is kept, microseconds: longer than any case. */
const MARKER_KEPT: Micros = 400 * 86_400_000_000;

/** Those of `namespace`; each call of the engine is made as `call` says. */
export function chunkRowsOf({ chunks }: Namespace, call: () => EngineCall): ChunkRows {
  const { engine, table } = chunks;
  const write = async (id: string, mutation: Mutation): Promise<void> => {
    for (const outcome of await engine.write({ table, id }, [mutation], call())) {
      if (outcome.kind === "failed") throw outcome.error;
    }
  };
  // Harm is a write like others to the engine: it takes place under a version just above.
  const after = ({ version }: Row) => ({ generationTime: version.time + 1, nonce: version.nonce });
  return {
    list: async () => {
      const found: ChunkRow[] = [];
      let cursor: Uint8Array | undefined;
      do {
        const segment = { index: 0, of: 1 };
        const read = {
          table,
          segment,
          cursor,
          rowLimit: ROWS_PER_PAGE,
          projection: "rows",
        } as const;
        const page = await engine.scan(read, call());
        for (const { id, row } of page.entries) found.push({ partition: id, row });
        ({ cursor } = page);
      } while (cursor !== undefined);
      return found;
    },
    replace: ({ partition, row }, value) =>
      write(partition, {
        kind: "put",
        row: { ...row, value, version: putVersion(after(row), 0) },
      }),
    remove: ({ partition, row }) =>
      write(partition, {
        kind: "delete_key",
        key: row.key,
        version: deleteVersion(after(row)),
        removeAt: call().now + MARKER_KEPT,
      }),
  };
}
