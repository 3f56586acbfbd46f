/** What happened in a world, as its clients saw it: an index over tokens that the oracles read. */
import type { Micros } from "kvdal";
import type { WriteOrder } from "./order.ts";

/** A put or delete that a client asked for. Times are virtual. */
export type WriteRecord = {
  readonly operation: number;
  readonly record: number;
  /** Bits of the keys it is about. */
  readonly keys: number;
  readonly kind: "put" | "delete";
  readonly order: WriteOrder;
  readonly begun: Micros;
  /** When it was acknowledged; Infinity when it never was. */
  readonly acknowledged: Micros;
  /** It failed and certainly did not, and will not, take effect. */
  readonly refused: boolean;
};

/** An item that a reader was given, and which write its parts say they are from. */
export type SeenItem = {
  readonly key: number;
  /** Operation that wrote the value, by its bytes; 0 when they are no value of this world. */
  readonly valueFrom: number;
  /** Operation that wrote the content metadata, by its bytes. */
  readonly contentFrom: number;
  readonly writeTime: Micros;
  /** 0 for none. */
  readonly expiresAt: Micros;
  /** Whether the value has the length that its operation gave it. */
  readonly whole: boolean;
  /** Whether it was stored in chunks. */
  readonly chunked: boolean;
};

/** A read or a traversal that came to its end. */
export type ReadRecord = {
  readonly operation: number;
  readonly record: number;
  /** Bits of the keys that it answered for: asked for, and not past an item limit. */
  readonly answered: number;
  readonly begun: Micros;
  readonly ended: Micros;
  readonly reverse: boolean;
  /** Most items asked for over all pages; 0 for no limit (GET-4). */
  readonly itemLimit: number;
  /** In the order in which they came. */
  readonly items: readonly SeenItem[];
  readonly pages: readonly PageRecord[];
};

/** One page of a traversal. */
export type PageRecord = {
  readonly items: number;
  readonly bytes: number;
  readonly budget: number;
};

/** The whole history of a world. */
export type History = {
  readonly writes: readonly WriteRecord[];
  readonly reads: readonly ReadRecord[];
  /** Bounds of the servers' wall clocks at a virtual time: expiry is judged by one of them. */
  readonly serverWall: (now: Micros) => { readonly low: Micros; readonly high: Micros };
};

/** A broken rule. */
export type Violation = {
  /** Rule id of the contract. */
  readonly rule: string;
  /** What was found and what the rule wants, in one sentence. */
  readonly what: string;
  /** Operations concerned. */
  readonly operations: readonly number[];
};
