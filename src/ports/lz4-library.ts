/**
 * What is used of the package `lz4-napi`: blocks behind four bytes that hold the length of the value, the lowest
 * first. `uncompress` allocates as much as these bytes say and throws when more comes out.
 */
export type Lz4Library = {
  readonly compressSync: (value: Uint8Array) => Uint8Array;
  readonly uncompressSync: (bytes: Uint8Array) => Uint8Array;
  readonly compress: (value: Uint8Array) => Promise<Uint8Array>;
  readonly uncompress: (bytes: Uint8Array) => Promise<Uint8Array>;
};
