/** Points in clean-up. */
import type { Point } from "../point.ts";

const COLLECTOR = { file: "src/service/collect-chunks.ts", at: "call.signal" } as const;

/** Of the collector of chunks, and of sweeps. */
export const CLEAN_UP_POINTS: readonly Point[] = [
  {
    ...COLLECTOR,
    name: "collection-late",
    what: "a pause between the verdict on chunks and what is done for it",
    find: "await carryOut(verdict, partition.id, namespace, strong);",
    side: "before",
  },
  {
    ...COLLECTOR,
    name: "item-to-doom-late",
    what: "a pause between a look at an item and one at since when its chunks are doomed",
    find: "const doomedAt = await doomOf(id, namespace, call);",
    side: "before",
  },
  {
    ...COLLECTOR,
    name: "collector-in-small-steps",
    what: "a collector that looks at one row a step",
    find: "const page = await chunks.engine.scan({ ...read, ...request }, strong);",
    side: "before",
    does: "request = { ...request, rowLimit: 1 };",
  },
  {
    name: "sweep-left-out",
    what: "a round of clean-up that ends before its sweeps",
    file: "src/service/maintain.ts",
    find: "let rowsRemoved = 0;",
    side: "before",
    at: "signal",
    does: "return { rowsRemoved: 0, chunksDoomed, chunksCollected };",
  },
  {
    name: "sweep-in-small-steps",
    what: "a sweep that looks at one row a step",
    file: "src/service/sweep-table.ts",
    find: "const request = { table, retention, cursor, rowLimit: ROWS_PER_STEP };",
    side: "after",
    at: "call().signal",
    does: "request.rowLimit = 1;",
  },
];
