/** Modes: the same cases say more when every namespace is made to store its values in another way. */
import { MINUTE, type NamespaceOptions, SECOND } from "kvdal";

/** What a run of the suite asks of every namespace. What a case asks of its own goes before. */
export type Mode = {
  /** Values longer than this, bytes, lie in chunks. */
  readonly chunkAbove?: number | undefined;
  /** Values of any size are compressed so, where that pays. */
  readonly compress?: "zstd" | "lz4" | undefined;
  /** The name of the cache that stands in front of every namespace; the door has it. */
  readonly cache?: string | undefined;
};

/** Chunks are no smaller in a mode, bytes: a value of a megabyte would have more of them than a quick run can bear. */
const CHUNK_BYTES_LEAST = 256;

/** How long reads of cases wait for a cache: what is slow on a busy machine must not pass for what is away. */
export const PATIENCE: NonNullable<NamespaceOptions["cache"]> = { timeoutMicros: 5 * SECOND };

/** The namespace as the mode has it. */
export function inMode({
  chunkAbove,
  compress,
  cache,
}: Mode): (namespace: NamespaceOptions) => NamespaceOptions {
  return (namespace) => ({
    ...(compress === undefined ? {} : { compression: { codec: compress, minBytes: 0 } }),
    ...(cache === undefined ? {} : { cache: PATIENCE }),
    ...namespace,
    ...(chunkAbove === undefined ? {} : { chunking: chunkingAbove(chunkAbove, namespace) }),
  });
}

function chunkingAbove(
  aboveBytes: number,
  { chunking }: NamespaceOptions,
): NonNullable<NamespaceOptions["chunking"]> {
  return { aboveBytes, chunkBytes: Math.max(CHUNK_BYTES_LEAST, aboveBytes), ...chunking };
}

/** A namespace whose values lie in their items in every mode: for cases that count what an item costs. */
export const INLINE: Omit<NamespaceOptions, "name"> = { chunking: { aboveBytes: 64 * 1024 } };

/** A namespace that keeps what it knows of deletions and expiries hardly longer than it must: what forgets early shows. */
export const RETENTION_LEAST: Omit<NamespaceOptions, "name"> = { retentionMicros: 62 * MINUTE };

/** The mode as options of the command line: how a case is run in it again. */
export function modeOptions({ chunkAbove, compress, cache }: Mode): string {
  const options = { "chunk-above": chunkAbove, compress, cache };
  return Object.entries(options)
    .map(([name, value]) => (value === undefined ? "" : ` --${name} ${value}`))
    .join("");
}
