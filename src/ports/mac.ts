/** Bytes of a message authentication code. */
export const MAC_BYTES = 16;

/**
 * Message authentication: 16 bytes that only a holder of the key can make for `message`. Synchronous; keeps
 * nothing of its argument.
 */
export type Mac = (message: Uint8Array) => Uint8Array;

/**
 * The keys of a deployment, by id: a whole number from 0 to 2^32 - 1. Page tokens are sealed with the current one
 * and name it, so that a token lives on when the current key changes, until its own is taken out (PAGE-3).
 */
export type MacKeyring = {
  /** Id of the key that seals. It must be among `keys`. */
  readonly current: number;
  /** All keys that are still accepted. */
  readonly keys: ReadonlyMap<number, Mac>;
};
