/**
 * The order of writes, written a second time: the oracles must not trust the code they judge (TOK-5). Nonces are
 * compared as hexadecimal text, versions field by field.
 */
import type { Micros } from "kvdal";

/** Which write it is, as the history knows it. */
export type WriteOrder = {
  readonly time: Micros;
  /** 0 put, 1 put with expiry, 2 delete. */
  readonly rank: number;
  readonly expiry: Micros;
  /** 32 hexadecimal digits. */
  readonly nonce: string;
};

/** Negative, zero or positive as `a` loses against, equals or beats `b`. */
export function compareOrder(a: WriteOrder, b: WriteOrder): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  if (a.expiry !== b.expiry) return a.expiry < b.expiry ? -1 : 1;
  if (a.nonce === b.nonce) return 0;
  return a.nonce < b.nonce ? -1 : 1;
}
