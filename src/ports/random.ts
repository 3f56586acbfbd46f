/** Chance. One stream a purpose: draws on a fork never change the draws of its parent or its siblings. */
export type Random = {
  /** A whole number from 0 up to, not including, `bound`; `bound` is 1 to 2^32. */
  readonly below: (bound: number) => number;
  /** `length` new random bytes, owned by the caller. */
  readonly bytes: (length: number) => Uint8Array;
  /** An independent stream. */
  readonly fork: (purpose: string) => Random;
};
