/** What a client can do and what a server lets it do: they travel on every request and every reply (SIG-2). */
import type { NamespaceSignals } from "./signals.ts";
import type { Micros } from "./time.ts";

/** Version of requests and replies that this package speaks. */
export const PROTOCOL_VERSION = 1;

/** What the client that sends a request can do. A server never answers with what it cannot read. */
export type ClientCapabilities = {
  readonly protocol: number;
  /** Stages and fetches chunks itself. Without it the server splits and assembles, within a bound (CHUNK-9). */
  readonly chunking: boolean;
  /** Codecs it can decode, by name. */
  readonly codecs: readonly string[];
  /** Whether it can decode with a dictionary of the namespace (COMP-3). */
  readonly dictionaries: boolean;
};

/** A client that can do nothing but send and receive whole, plain values. */
export const PLAIN_CLIENT: ClientCapabilities = {
  protocol: PROTOCOL_VERSION,
  chunking: false,
  codecs: [],
  dictionaries: false,
};

/** How a namespace wants its values compressed (COMP-1). */
export type CompressionPolicy = {
  readonly codec: "zstd" | "lz4" | "none";
  /** 1 to 19, for codecs that have levels; absent for the default. */
  readonly level?: number | undefined;
  /** Smallest value to compress, bytes; absent for the defaults (COMP-2). */
  readonly minBytes?: number | undefined;
};

/** Limits of one namespace that a client acts by. Bytes are of stored values, microseconds of time. */
export type NamespaceLimits = {
  /** A value longer than this is chunked (CHUNK-1). */
  readonly chunkAboveBytes: number;
  readonly chunkBytes: number;
  /** Most bytes of chunks in one request to stage or to fetch. */
  readonly chunkRequestBytesMax: number;
  readonly maxValueBytes: number;
  /** Most bytes that a page may be asked for, and most rows that one call looks at (PAGE-1, PAGE-5). */
  readonly pageBytesMax: number;
  readonly rowsPerCallMax: number;
  /** Acceptance window of tokens around the server's clock (TOK-3). */
  readonly tokenMaxAge: Micros;
  readonly tokenMaxDrift: Micros;
  readonly compression: CompressionPolicy;
};

/** What every reply tells of the server (SIG-1). */
export type ServerFacts = NamespaceSignals & {
  /** The server's wall clock when it answered. */
  readonly time: Micros;
  /** The namespace that answered: where the request named an alias, the one it points at (NS-4). */
  readonly namespace: string;
  /** Codecs that the server can decode, by name: what it cannot, it does not take. */
  readonly codecs: readonly string[];
  readonly limits: NamespaceLimits;
};
