/** Bytes of a message authentication code. */
export const MAC_BYTES = 16;

/**
 * Message authentication: 16 bytes that only a holder of the key can make for `message`. Page tokens are
 * sealed with it (PAGE-3). Synchronous; keeps nothing of its argument.
 */
export type Mac = (message: Uint8Array) => Uint8Array;
