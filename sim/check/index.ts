/** Door to the oracles: pure functions over a history, for simulated worlds and for recorded ones alike. */
export { checkChunks, type ChunkedValue } from "./chunks.ts";
export { checkConvergence, type View } from "./convergence.ts";
export type {
  History,
  PageRecord,
  ReadRecord,
  SeenItem,
  Violation,
  WriteRecord,
} from "./history.ts";
export { compareOrder, type WriteOrder } from "./order.ts";
export { checkPages } from "./pages.ts";
export { checkReads } from "./reads.ts";
