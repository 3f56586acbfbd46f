/** Compression formats, and where their work is done. */

/** What goes with one compression. */
export type CompressHow = {
  /** Effort, as the codec counts it; codecs without levels ignore it. */
  readonly level: number;
  /** Only for codecs that take dictionaries. It must not change. */
  readonly dictionary?: Uint8Array | undefined;
};

/** What goes with one decompression. */
export type DecompressHow = {
  /** Bytes of the value, from its metadata: what comes out is exactly as long, and never more is allocated for it. */
  readonly originalBytes: number;
  /** The one that it was compressed with. */
  readonly dictionary?: Uint8Array | undefined;
};

/**
 * One format, both ways. Results are the caller's own bytes; arguments are not kept, and must not change until the
 * call is over. What was not compressed by it, or differs in any bit, is DATA_LOSS: a checksum is part of the format.
 */
export type Codec = {
  /** As metadata names it. Whoever changes the format changes the name. */
  readonly name: string;
  /** Whether a dictionary does anything. */
  readonly takesDictionaries: boolean;
  /** In the caller's thread: for values that take less time than changing threads would. */
  readonly compress: (value: Uint8Array, how: CompressHow) => Uint8Array;
  readonly decompress: (bytes: Uint8Array, how: DecompressHow) => Uint8Array;
  /** The same on another thread. */
  readonly compressAside: (value: Uint8Array, how: CompressHow) => Promise<Uint8Array>;
  readonly decompressAside: (bytes: Uint8Array, how: DecompressHow) => Promise<Uint8Array>;
};

/** Where large values are compressed: on other threads, or, in the simulator, at once. */
export type Compressor = {
  readonly compress: (codec: Codec, value: Uint8Array, how: CompressHow) => Promise<Uint8Array>;
  readonly decompress: (codec: Codec, bytes: Uint8Array, how: DecompressHow) => Promise<Uint8Array>;
};
