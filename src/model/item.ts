/** Items and what is known of them (DATA-1, DATA-5). */
import { EMPTY_BYTES } from "./bytes.ts";
import type { Micros } from "./time.ts";
import type { IdempotencyToken } from "./token.ts";

/** How the value is compressed. */
export type CompressionMetadata = {
  readonly codec: string;
  readonly dictionaryId?: string;
  readonly originalBytes: number;
};

/** When the item was written and when it ends, by its token's clock. */
export type LifecycleMetadata = {
  /** Generation time of the token that wrote it, microseconds since 1970. */
  readonly writeTime: Micros;
  /** First instant at which the item is no longer there, microseconds since 1970; absent for never (TTL-1). */
  readonly expiresAt?: Micros;
};

/** How the value is split, as it is stored: which write it is from, the row's version tells. */
export type StoredChunks = {
  readonly count: number;
  readonly chunkBytes: number;
  readonly totalBytes: number;
  /** CRC-32 of the whole stored value, 4 bytes, big-endian (CHUNK-5). */
  readonly checksum: Uint8Array;
  /** Which staging of the value it is: a put that is repeated stages anew. 8 bytes. */
  readonly staging: Uint8Array;
};

/** How the value is split, and the write whose chunks they are. */
export type ChunkMetadata = StoredChunks & { readonly token: IdempotencyToken };

/** What the writer says of the value. Free-form; never interpreted. */
export type ContentMetadata = {
  readonly type?: string;
  readonly note?: Uint8Array;
};

/** The four parts (DATA-5). */
export type ItemMetadata = {
  readonly compression?: CompressionMetadata;
  readonly lifecycle: LifecycleMetadata;
  readonly chunk?: ChunkMetadata;
  readonly content?: ContentMetadata;
};

/** An item as a reader gets it. Its bytes belong to the reader. */
export type Item = {
  readonly key: Uint8Array;
  /** Empty when the selection left values out, or left this one out for its size (`valueOmitted`). */
  readonly value: Uint8Array;
  readonly valueOmitted: boolean;
  readonly metadata: ItemMetadata;
};

/** An item as a writer gives it. The bytes stay the writer's and must not change until the call ends. */
export type ItemInput = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Time to live from the token's generation time, in microseconds, > 0; absent for the namespace's default. */
  readonly ttlMicros?: Micros;
  readonly content?: ContentMetadata;
};

/** Bytes of an item as pages count them: key and value. */
export function itemBytes(item: { readonly key: Uint8Array; readonly value: Uint8Array }): number {
  return item.key.length + item.value.length;
}

/** Whether the value is wanted and still lies in chunks: no value that is chunked is empty. */
export function isInChunks(item: Item): boolean {
  return item.metadata.chunk !== undefined && !item.valueOmitted && item.value.length === 0;
}

/** A set member or a flag: a key without a value (DATA-3). */
export function keyOnly(key: Uint8Array): ItemInput {
  return { key, value: EMPTY_BYTES };
}
