/** Large values as cases put, stage and read them. */
import { type ClientCapabilities, type KvRequest, PLAIN_CLIENT } from "kvdal/client";
import {
  concatBytes,
  type IdempotencyToken,
  type KvClient,
  type Micros,
  MINUTE,
  SECOND,
} from "kvdal";
import { type Bytes, toBytes } from "./bytes.ts";
import { holds } from "./check.ts";
import type { ChunkRow } from "./chunk-rows.ts";
import type { NamespaceWish } from "./conformance-case.ts";
import type { ConformanceStore } from "./store.ts";

/** Chunks of 16 bytes for what is above 64, so that a few hundred bytes are a large value. */
export const SMALL_CHUNKS: NamespaceWish = { chunking: { aboveBytes: 64, chunkBytes: 16 } };

/** The same, with a short window of tokens and a grace of five minutes. */
export const SHORT_WINDOW: NamespaceWish = {
  tokens: { maxAge: 10 * MINUTE, maxDrift: 2 * SECOND },
  chunking: { aboveBytes: 64, chunkBytes: 16, graceMicros: 5 * MINUTE },
};
/** Age past which no put under a token can come any more, in a namespace of `SHORT_WINDOW`. */
export const SETTLED: Micros = 13 * MINUTE;
/** The grace of `SHORT_WINDOW`. */
export const GRACE: Micros = 5 * MINUTE;

/** What a client that chunks declares. */
const CHUNKING: ClientCapabilities = { ...PLAIN_CLIENT, chunking: true };

/** A large value's place and token. */
export type Staged = {
  readonly namespace: string;
  readonly id: string;
  readonly key: Bytes;
  readonly token: IdempotencyToken;
};

/** The number of the only staging that a case makes of a value. */
export const STAGING: Uint8Array = new Uint8Array(8).fill(7);

/** A request that stages `value` in chunks of 16 bytes, those from `first` on, `count` of them. */
export function stageRequest(
  { namespace, id, key, token }: Staged,
  value: Uint8Array,
  first = 0,
  count: number = Math.ceil(value.length / 16) - first,
): Extract<KvRequest, { kind: "stage_chunks" }> {
  const chunks = Array.from({ length: count }, (_, i) =>
    value.slice((first + i) * 16, (first + i + 1) * 16),
  );
  return {
    kind: "stage_chunks",
    namespace,
    id,
    key: toBytes(key),
    token,
    capabilities: CHUNKING,
    staging: STAGING,
    chunkBytes: 16,
    first,
    chunks,
  };
}

/** The value under a key, read as a stream; undefined when there is no such item. */
export async function streamed(
  client: KvClient,
  namespace: string,
  id: string,
  key: Bytes,
): Promise<Uint8Array | undefined> {
  const reader = await client.readValue({ namespace, id, key: toBytes(key) });
  return reader === undefined ? undefined : joined(reader.value);
}

/** All pieces of a stream. */
export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return concatBytes(...list);
}

/** Rows that hold chunks: not those that say that a partition is doomed. */
export function chunksIn(rows: readonly ChunkRow[]): readonly ChunkRow[] {
  return rows.filter(({ row }) => row.key.length > 0);
}

/** Throws unless so many chunks are stored. */
export function chunksAre(what: string, rows: readonly ChunkRow[], wanted: number): void {
  const found = chunksIn(rows).length;
  holds(what, found === wanted, `${found} chunks stored`, `${wanted}`);
}

/** Lets all be settled, and the two rounds go by that a collection takes. */
export async function collect({
  clock,
  sweep,
}: Pick<ConformanceStore, "clock" | "sweep">): Promise<void> {
  clock.advance(SETTLED + MINUTE);
  await sweep();
  clock.advance(GRACE);
  await sweep();
}
