/** Door for authors of engine adapters: the port, the values it speaks in, and helpers for emulations. */
export {
  type CacheAdapter,
  type CacheAnswer,
  type CacheCall,
  type CacheCapabilities,
  type CacheEngine,
  type CacheStored,
} from "./ports/cache-engine.ts";
export { CONSISTENCIES, type Consistency } from "./model/consistency.ts";
export type {
  EngineAdapter,
  EngineCall,
  EngineCapabilities,
  EngineContext,
  EngineDurability,
  EngineTtl,
  KeysRead,
  Loss,
  Mutation,
  MutationOutcome,
  Native,
  Partition,
  Projection,
  PutIfAbsentOutcome,
  RangeRead,
  Row,
  RowsPage,
  ScanPage,
  ScanRead,
  StorageEngine,
  SweepOutcome,
  SweepRequest,
  TableSpec,
} from "./ports/storage-engine.ts";

/** Helpers for emulations. */
export {
  applyToRecord,
  emptyRecord,
  sweepRecord,
  type MemoryRecord,
} from "./engines/memory/memory-record.ts";
export { type Beats, type KeyedRow, SortedRows } from "./engines/memory/sorted-rows.ts";
export { bucketOf, bucketsOf, SCAN_BUCKETS } from "./engines/shared/scan-buckets.ts";
export { decodeRowPlace, encodeRowPlace, type RowPlace } from "./model/row-place.ts";
export { unwrap as unwrapCached, wrap as wrapCached } from "./engines/shared/cache-envelope.ts";
export { checkCacheCall, checkCacheKey, checkTtl } from "./engines/shared/cache-guard.ts";
export { checkCall } from "./engines/shared/call-guard.ts";
export { isNewer } from "./engines/shared/last-write-wins.ts";
export { ownMutation, ownRow } from "./engines/shared/own-bytes.ts";
export { type RangeTombstone } from "./engines/shared/tombstones.ts";
export { isLive } from "./engines/shared/visibility.ts";

/** Adapters that come with the package. Each loads its client library when it is opened, not before. */
export { cassandra, type CassandraOptions } from "./engines/cassandra/adapter.ts";
export {
  dynamodb,
  type DynamodbOptions,
  dynamodbOver,
  type DynamodbTableOptions,
} from "./engines/dynamodb/adapter.ts";
export type { DynamodbAction, DynamodbWire, WireOptions } from "./engines/dynamodb/wire.ts";
export { memcached, type MemcachedOptions } from "./engines/memcached/adapter.ts";
export { memoryCache, type MemoryCacheOptions } from "./engines/memory-cache/adapter.ts";
export { rocksdb, type RocksdbOptions } from "./engines/rocksdb/adapter.ts";
export { openRocksdbStore, type RocksdbStore } from "./engines/rocksdb/store.ts";
