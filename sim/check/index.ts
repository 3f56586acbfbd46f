/** Door to the oracles: pure functions over a history, for simulated worlds and for recorded ones alike. */
export type { CacheHistory } from "./cache-history.ts";
export { breaks } from "./breaks.ts";
export type {
  ClientTraffic,
  ChunkedValue,
  ExtraAttempt,
  Fault,
  GivenUpCall,
  History,
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
export type { WriteRegions } from "./write-regions.ts";
export type {
  AdmissionRecord,
  AnswerRecord,
  EngineCallRecord,
  RefusalRecord,
  ServerFailure,
} from "./server-history.ts";
export type {
  AppliedWrite,
  ListedMutationRecord,
  ListHistory,
  ListRecord,
} from "./list-history.ts";
export type { RequestRecord } from "./request-words.ts";
export { type SkewUse, skewUse } from "./skew.ts";
export { type Judge, judge, ORACLES, type Verdict } from "./oracles.ts";
export { compareOrder, type WriteOrder } from "./order.ts";
