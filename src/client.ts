/** Door for those who bring their own transport: the client, the ports it needs, and compression. */
export type { ClientParts } from "./client/client-parts.ts";
export { createClient, type KvClient } from "./client/kv-client.ts";
export { monotonicTokens, type TokenSource } from "./client/token-source.ts";
export { type CodecParts, type Dictionaries, noDictionaries } from "./codec/codec-parts.ts";
export {
  compressValue,
  type CompressionWish,
  storedBytes,
  type StoredValue,
} from "./codec/compress-value.ts";
export { inPlace, onThreads } from "./codec/compressor.ts";
export { type DecompressBounds, decompressValue } from "./codec/decompress-value.ts";
export { type DictionaryShelf, dictionaryShelf } from "./codec/dictionary-shelf.ts";
export { lz4 } from "./codec/lz4.ts";
export {
  DICTIONARY_BYTES_DEFAULT,
  type TrainedDictionary,
  trainDictionary,
} from "./codec/train-dictionary.ts";
export { zstd } from "./codec/zstd.ts";
export {
  type ClientCapabilities,
  type NamespaceLimits,
  PLAIN_CLIENT,
  type ServerFacts,
} from "./model/capabilities.ts";
export type { DictionaryGain, DictionaryState, DictionaryVersion } from "./model/dictionary.ts";
export type { CompressionMetadata } from "./model/item.ts";
export type {
  DeleteItemsRequest,
  GetChunksRequest,
  GetChunksResponse,
  GetItemsRequest,
  GetItemsResponse,
  HandshakeRequest,
  KvRequest,
  KvResponse,
  KvResponseOf,
  ListedMutation,
  MutateItemsRequest,
  MutationResponse,
  MutationStatusRequest,
  MutationStatusResponse,
  PutItem,
  PutItemsRequest,
  ScanItemsRequest,
  ScanItemsResponse,
  StageChunksRequest,
} from "./model/request.ts";
export type { Clock } from "./ports/clock.ts";
export type { Codec, CompressHow, Compressor, DecompressHow } from "./ports/codec.ts";
export type { DictionaryStore, DictionaryVersions } from "./ports/dictionary-store.ts";
export type { Lz4Library } from "./ports/lz4-library.ts";
export type { Env } from "./ports/env.ts";
export {
  type CounterName,
  type HistogramName,
  silent,
  type Telemetry,
} from "./ports/telemetry.ts";
export { neverAborted } from "./ports/never-aborted.ts";
export type { Sequencer } from "./ports/sequencer.ts";
export type { Random } from "./ports/random.ts";
export { type CancelTimer, sleep, type Timers } from "./ports/timers.ts";
export type { Transport, TransportCall } from "./ports/transport.ts";
