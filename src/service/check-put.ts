/** What a put may not be; each refusal wrote nothing (DATA-4, PUT-1, TTL-3, CHUNK-9). */
import type { CodecParts } from "../codec/codec-parts.ts";
import { CHECKSUM_BYTES } from "../codec/checksum.ts";
import {
  chunkCount,
  CHUNKS_MAX,
  sameToken,
  STAGING_BYTES,
  UNTOLD_BYTES_MAX,
} from "../model/chunk.ts";
import { KvError } from "../model/error.ts";
import type { ChunkMetadata, CompressionMetadata } from "../model/item.ts";
import { checkBytes, checkKey, ITEMS_PER_REQUEST_MAX, TTL_MAX } from "../model/limits.ts";
import { sortedUniqueKeys } from "../model/predicate.ts";
import type { PutItem, PutItemsRequest } from "../model/request.ts";
import { isMicros, type Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Namespace } from "../namespace/namespace.ts";

/** Throws INVALID_ARGUMENT or TOO_LARGE unless the items can be stored. */
export function checkItems(
  request: PutItemsRequest,
  namespace: Namespace,
  { codecs }: CodecParts,
): void {
  const { items, token, ifAbsent } = request;
  if (ifAbsent !== undefined && typeof ifAbsent !== "boolean") {
    const found = `ifAbsent is of type ${typeof ifAbsent}`;
    throw new KvError("INVALID_ARGUMENT", `${found}, wanted true, or nothing`);
  }
  if (ifAbsent === true) checkCondition(items.length, namespace);
  const most = Math.min(ITEMS_PER_REQUEST_MAX, namespace.engine.capabilities.mutationsPerWriteMax);
  if (items.length === 0 || items.length > most) {
    throw new KvError("INVALID_ARGUMENT", `put of ${items.length} items, wanted 1 to ${most}`);
  }
  for (const item of items) {
    checkKey(item.key);
    checkBytes("value", item.value);
    checkCompression(item.compression, namespace, codecs);
    if (item.chunk === undefined) checkValue(item.value, request, namespace);
    else checkCommit(item, item.chunk, token, namespace);
  }
  if (items.length > 1 && sortedUniqueKeys(items.map((item) => item.key)).length < items.length) {
    throw new KvError("INVALID_ARGUMENT", "a key stands twice in one put, wanted each key once");
  }
}

/** Throws UNSUPPORTED or INVALID_ARGUMENT unless the engine puts so many items under a condition (PUT-5). */
function checkCondition(items: number, { name, engine }: Namespace): void {
  const { engine: kind, putIfAbsent } = engine.capabilities;
  if (!putIfAbsent) {
    const found = `namespace ${name} is on ${kind}, which has no conditional put`;
    throw new KvError("UNSUPPORTED", `${found}, wanted a put without ifAbsent`);
  }
  if (items === 1) return;
  throw new KvError("INVALID_ARGUMENT", `ifAbsent of ${items} items, wanted 1 item`);
}

function checkValue(
  { length }: Uint8Array,
  { capabilities }: PutItemsRequest,
  { limits, chunks }: Namespace,
): void {
  checkSize(length, limits.maxValueBytes);
  // A client that chunks need not know yet that this namespace wants it to.
  const most = Math.max(chunks.wholeBytesMax, capabilities.chunking ? UNTOLD_BYTES_MAX : 0);
  if (length <= limits.chunkAboveBytes || length <= most) return;
  const wanted = `wanted at most ${most}, or staged in chunks`;
  throw new KvError("TOO_LARGE", `value is ${length} bytes in one piece, ${wanted}`);
}

function checkSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new KvError("TOO_LARGE", `value is ${bytes} bytes, wanted at most ${most}`);
}

/** A value that this server cannot decode is not taken: it decodes for readers that cannot (COMP-1). */
function checkCompression(
  compression: CompressionMetadata | undefined,
  { limits }: Namespace,
  codecs: CodecParts["codecs"],
): void {
  if (compression === undefined) return;
  checkSize(compression.originalBytes, limits.maxValueBytes);
  if (codecs.some(({ name }) => name === compression.codec)) return;
  const known = codecs.map(({ name }) => name).join(", ") || "none";
  throw new KvError("UNSUPPORTED", `codec is ${compression.codec}, wanted one of: ${known}`);
}

/** A put that commits chunks staged before: what it says of them must fit together (CHUNK-6). */
function checkCommit(
  item: PutItem,
  chunk: ChunkMetadata,
  token: IdempotencyToken,
  { limits }: Namespace,
): void {
  const flaw = commitFlaw(item, chunk, token);
  if (flaw !== undefined) throw new KvError("INVALID_ARGUMENT", `staged value: ${flaw}`);
  checkSize(chunk.totalBytes, limits.maxValueBytes);
}

function commitFlaw(
  { value }: PutItem,
  { count, chunkBytes, totalBytes, checksum, staging, token: stagedUnder }: ChunkMetadata,
  token: IdempotencyToken,
): string | undefined {
  if (value.length > 0) return `it has ${value.length} bytes inline too, wanted none`;
  if (!sameToken(stagedUnder, token)) return "its chunks are another token's, wanted the put's own";
  if (!Number.isSafeInteger(chunkBytes) || chunkBytes < 1) return `chunks of ${chunkBytes} bytes`;
  if (!Number.isSafeInteger(totalBytes) || totalBytes < 1) return `${totalBytes} bytes in all`;
  const wanted = chunkCount(totalBytes, chunkBytes);
  if (wanted > CHUNKS_MAX) return `${wanted} chunks, wanted at most ${CHUNKS_MAX}`;
  if (count !== wanted) return `${count} chunks for ${totalBytes} bytes, wanted ${wanted}`;
  if (checksum.length !== CHECKSUM_BYTES) {
    return `checksum of ${checksum.length} bytes, wanted ${CHECKSUM_BYTES}`;
  }
  if (staging.length !== STAGING_BYTES) {
    return `staging of ${staging.length} bytes, wanted ${STAGING_BYTES}`;
  }
  return undefined;
}

/** When the item is to expire, by the namespace's default where its writer says nothing; undefined for never. */
export function expiryAsked(
  { expiresAt }: PutItem,
  { generationTime }: IdempotencyToken,
  { defaultTtl }: Namespace,
): Micros | undefined {
  return expiresAt ?? (defaultTtl === undefined ? undefined : generationTime + defaultTtl);
}

/** Absolute expiry, 0 for none. One that has passed is legal: a late retry still orders against other writes. */
export function checkedExpiry(
  expiry: Micros | undefined,
  { generationTime: writeTime }: IdempotencyToken,
  namespace: Namespace,
  now: Micros,
): Micros {
  if (expiry === undefined) return 0;
  if (!isMicros(expiry) || expiry <= writeTime) {
    throw new KvError(
      "INVALID_ARGUMENT",
      `expiry is ${expiry}, wanted an instant after the write time ${writeTime}`,
    );
  }
  const most = Math.min(TTL_MAX, namespace.engine.capabilities.ttl.max);
  // From the writer's time where that is later: a server whose clock is behind must not refuse what another one took.
  const ahead = expiry - Math.max(now, writeTime);
  if (ahead > most) {
    throw new KvError(
      "INVALID_ARGUMENT",
      `expiry is ${ahead} µs ahead, wanted at most ${most} on ${namespace.engine.capabilities.engine}`,
    );
  }
  return expiry;
}
