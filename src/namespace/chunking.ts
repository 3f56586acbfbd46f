/** How a namespace stores large values (CHUNK-1, CHUNK-2). */
import { CHUNK_BYTES_DEFAULT, INLINE_BYTES_MAX } from "../model/chunk.ts";
import type { Consistency } from "../model/consistency.ts";
import { type Micros, MINUTE } from "../model/time.ts";
import type { TokenWindow } from "../policy/admit-token.ts";
import type { StorageEngine } from "../ports/storage-engine.ts";
import { isWhole, refuse } from "./check-field.ts";
import type { NamespaceOptions, Tiers } from "./namespace.ts";

/** Chunking as it is asked for. */
export type ChunkingOptions = {
  /** A longer stored value is chunked; default and most 1 MiB, or what the engine stores inline if that is less. */
  readonly aboveBytes?: number | undefined;
  /** Bytes of a chunk, default 64 KiB. */
  readonly chunkBytes?: number | undefined;
  /** Most bytes of chunks in one request and one engine call; default eight chunks of the default size. */
  readonly requestBytesMax?: number | undefined;
  /** Longest time between the admission of a put and its end at the engine, microseconds; default a minute. */
  readonly putMicrosMax?: Micros | undefined;
  /** How long chunks that nothing refers to any more stay readable, microseconds; default ten minutes (CHUNK-4). */
  readonly graceMicros?: Micros | undefined;
  /** Largest value that the server splits or assembles for clients that do not chunk; default 16 MiB (CHUNK-9). */
  readonly wholeBytesMax?: number | undefined;
};

/** Where and how chunks are stored. */
export type ChunkStore = {
  readonly engine: StorageEngine;
  readonly table: string;
  /** The most that the engine gives: a value must not lack chunks because one replica is behind. */
  readonly consistency: Consistency;
  readonly chunkBytes: number;
  /** Most bytes of chunks that one request carries, and one engine call reads or writes. */
  readonly requestBytesMax: number;
  readonly wholeBytesMax: number;
  readonly grace: Micros;
  /** Longest time between the admission of a put and its last engine call: its chunks are settled after that. */
  readonly putTimeMax: Micros;
  /**
   * Age of a token from which on no put under it can be under way: only then may chunks that no item refers to be
   * taken for abandoned (CHUNK-3).
   */
  readonly settledAge: Micros;
};

/** Ends the name of the table that holds a namespace's chunks. */
const TABLE_SUFFIX = "_chunks";
const REQUEST_BYTES = 8 * CHUNK_BYTES_DEFAULT;
/** Default bound of what the server splits or assembles. */
const WHOLE_BYTES_DEFAULT = 16 * 1024 * 1024;
const GRACE_DEFAULT: Micros = 10 * MINUTE;
const PUT_TIME_DEFAULT: Micros = MINUTE;

/** The chunk store that `options` ask for, and the size above which values go there. Throws INVALID_ARGUMENT. */
export function resolveChunking(
  options: NamespaceOptions,
  tiers: Tiers,
  tokens: TokenWindow,
): { readonly chunks: ChunkStore; readonly aboveBytes: number } {
  const wish = options.chunking ?? {};
  const engine = tiers.chunks ?? tiers.primary;
  const can = engine.capabilities;
  const inlineMax = Math.min(INLINE_BYTES_MAX, tiers.primary.capabilities.inlineBytesMax);
  const aboveBytes = wish.aboveBytes ?? inlineMax;
  const chunkBytes = wish.chunkBytes ?? Math.min(CHUNK_BYTES_DEFAULT, can.inlineBytesMax);
  const putTimeMax = wish.putMicrosMax ?? PUT_TIME_DEFAULT;
  const chunks: ChunkStore = {
    engine,
    table: `${options.table ?? options.name}${TABLE_SUFFIX}`,
    consistency: strongest(options.consistency ?? "quorum", can.consistency),
    chunkBytes,
    requestBytesMax: Math.max(chunkBytes, wish.requestBytesMax ?? REQUEST_BYTES),
    wholeBytesMax: wish.wholeBytesMax ?? WHOLE_BYTES_DEFAULT,
    grace: wish.graceMicros ?? GRACE_DEFAULT,
    putTimeMax,
    settledAge: tokens.maxAge + tokens.maxDrift + putTimeMax,
  };
  if (!isWhole(aboveBytes, 0) || aboveBytes > inlineMax) {
    const holder = tiers.primary.capabilities.engine;
    refuse("chunking.aboveBytes", aboveBytes, `0 to ${inlineMax}, the most inline on ${holder}`);
  }
  if (!isWhole(chunkBytes, 1) || chunkBytes > can.inlineBytesMax) {
    refuse(
      "chunking.chunkBytes",
      chunkBytes,
      `1 to ${can.inlineBytesMax}, what ${can.engine} stores`,
    );
  }
  if (!isWhole(chunks.grace, 0)) {
    refuse("chunking.graceMicros", chunks.grace, "whole microseconds >= 0");
  }
  if (wish.putMicrosMax !== undefined && !isWhole(wish.putMicrosMax, 0)) {
    refuse("chunking.putMicrosMax", wish.putMicrosMax, "whole microseconds >= 0");
  }
  if (!isWhole(chunks.requestBytesMax, 1)) {
    refuse("chunking.requestBytesMax", chunks.requestBytesMax, "a whole number of bytes");
  }
  if (!isWhole(chunks.wholeBytesMax, 0)) {
    refuse("chunking.wholeBytesMax", chunks.wholeBytesMax, "a whole number of bytes");
  }
  return { chunks, aboveBytes };
}

/** The namespace's own level or a quorum, whichever is more, as far as the store declares it. */
function strongest(wanted: Consistency, declared: readonly Consistency[]): Consistency {
  const least = wanted === "eventual" ? "quorum" : wanted;
  return declared.includes(least) ? least : (declared.at(-1) ?? "eventual");
}
