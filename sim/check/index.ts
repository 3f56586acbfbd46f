/** Door to the oracles: pure functions over a history, for simulated worlds and for recorded ones alike. */
export type {
  AnswerRecord,
  AppliedWrite,
  ClientTraffic,
  EngineCallRecord,
  ChunkedValue,
  ExtraAttempt,
  Fault,
  History,
  ListedMutationRecord,
  ListHistory,
  ListRecord,
  Oracle,
  PageRecord,
  ReadRecord,
  ScannedItemRecord,
  ScannedPageRecord,
  ScanRecord,
  SeenItem,
  TrafficLimits,
  View,
  Violation,
  WriteRecord,
} from "./history.ts";
export { judge, ORACLES } from "./oracles.ts";
export { compareOrder, type WriteOrder } from "./order.ts";
