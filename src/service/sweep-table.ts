/** Goes through a table and has the engine remove what no reader sees any more (TTL-1, DEL-5). */
import type { NeededTable } from "../namespace/namespace.ts";
import type { EngineCall } from "../ports/storage-engine.ts";

/** Most rows that one step of clean-up looks at: other calls get their turn in between (RES-2). */
export const ROWS_PER_STEP = 1_000;

/** Rows removed. Rejects with the first `KvError`; the next round does what this one left. */
export async function sweepTable(
  { engine, table, retention }: Pick<NeededTable, "engine" | "table" | "retention">,
  call: () => EngineCall,
): Promise<number> {
  let rowsRemoved = 0;
  let cursor: Uint8Array | undefined;
  do {
    const request = { table, retention, cursor, rowLimit: ROWS_PER_STEP };
    const step = await engine.sweep(request, call());
    rowsRemoved += step.rowsRemoved;
    ({ cursor } = step);
  } while (cursor !== undefined);
  return rowsRemoved;
}
