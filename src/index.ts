/** The public door of kvdal: names listed one by one. */
export type { CallLimits, CallOptions } from "./client/call.ts";
export type { ClientLimits, ClientParts } from "./client/client-parts.ts";
export type {
  DeleteItemsInput,
  GetItemsInput,
  GetItemsResult,
  MutateItemsInput,
  MutateItemsResult,
  MutationInput,
  MutationResult,
  MutationStatus,
  PutItemsInput,
  PutValueInput,
  ReadValueInput,
  ScanCheckpoint,
  ScanInput,
  ScanItemsInput,
  ScanItemsResult,
  ScannedPage,
  SegmentPosition,
  ValueReader,
} from "./client/inputs.ts";
export { createClient, type KvClient } from "./client/kv-client.ts";
export {
  type MonotonicTokens,
  monotonicTokens,
  sequencedTokens,
  type TokenSource,
  type TransactionId,
  transactionToken,
  transactionTokens,
} from "./client/token-source.ts";
export { memory } from "./engines/memory/adapter.ts";
export {
  compareBytes,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  fromHex,
  fromUtf8,
  prefixEnd,
  successor,
  toHex,
  utf8,
} from "./model/bytes.ts";
export {
  type Applied,
  ERROR_CODES,
  ERROR_TABLE,
  KvError,
  type KvErrorCode,
  type KvErrorFacts,
  type Retry,
} from "./model/error.ts";
export {
  type ContentMetadata,
  type Item,
  type ItemInput,
  type ItemMetadata,
  itemBytes,
  keyOnly,
} from "./model/item.ts";
export { ID_BYTES_MAX, ITEMS_PER_REQUEST_MAX, KEY_BYTES_MAX } from "./model/limits.ts";
export { matchAll, matchKeys, matchRange, type Predicate } from "./model/predicate.ts";
export { inRange, type KeyRange } from "./model/range.ts";
export { LIST_BYTES_MAX, LIST_MUTATIONS_MAX } from "./model/mutation-list.ts";
export {
  SCAN_SEGMENTS_MAX,
  type ScannedItem,
  type ScanSegment,
  type ScanSelection,
} from "./model/scan.ts";
export type { MutationState, WriteOutcome } from "./model/request.ts";
export {
  type Include,
  PAGE_SIZE_BYTES_DEFAULT,
  PAGE_SIZE_BYTES_MAX,
  type Selection,
} from "./model/selection.ts";
export type {
  LatencyObjective,
  LoadAdvice,
  NamespaceSignals,
  Priority,
  Slo,
  Utilization,
} from "./model/signals.ts";
export { DAY, HOUR, type Micros, MILLISECOND, MINUTE, micros, SECOND } from "./model/time.ts";
export { type IdempotencyToken, NONCE_BYTES } from "./model/token.ts";
export {
  compareVersions,
  decodeVersion,
  deleteVersion,
  encodeVersion,
  putVersion,
  type Rank,
  type Version,
} from "./model/version.ts";
export type { LogOptions } from "./namespace/log.ts";
export type { NamespaceOptions } from "./namespace/namespace.ts";
export type { SloOptions } from "./namespace/slo.ts";
export {
  type ConfiguredStore,
  openConfigured,
  type OpenConfiguredOptions,
} from "./open-configured.ts";
export { installedCodecs, type KvStore, open, type OpenOptions } from "./open.ts";
export type { DeadLetter, DeadLetters } from "./service/dead-letters.ts";
export { systemEnv } from "./system/env.ts";
export { fileDictionaries } from "./system/file-dictionaries.ts";
export { hmacKeys, hmacSha256 } from "./system/hmac.ts";
export { loadLz4 } from "./system/lz4-library.ts";
export { namespaceFile } from "./system/namespace-file.ts";
export {
  type RecordedHistogram,
  type RecordedTelemetry,
  recordedTelemetry,
} from "./system/recorded-telemetry.ts";
