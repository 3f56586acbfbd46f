/** What happened to lists of mutations in a world. */
import type { Micros } from "kvdal";
import type { WriteOrder } from "./order.ts";

/** A mutation of a list that a client handed in. */
export type ListedMutationRecord = {
  /** The operation that its values name. */
  readonly operation: number;
  readonly record: number;
  readonly kind: "put" | "delete";
  /** Bits of its keys. */
  readonly keys: number;
  /** By its own token: the list's, and so many ticks later. */
  readonly order: WriteOrder;
  /** In a namespace that is gone after a while. */
  readonly isDoomed: boolean;
};

/** What a client was told of a mutation of a list. */
export type ToldState = "pending" | "applied" | "dead_lettered" | "discarded";

/** A list of mutations. Times are virtual. */
export type ListRecord = {
  readonly operation: number;
  /** When it was acknowledged; Infinity when it never was. */
  readonly accepted: Micros;
  readonly mutations: readonly ListedMutationRecord[];
  /** What was told of it, when asked; nothing of a list that is not known. */
  readonly told: readonly { readonly at: Micros; readonly states: readonly ToldState[] }[];
};

/** A write of an applier. Times are virtual. */
export type AppliedWrite = {
  /** Of which record of the world; undefined for one in a namespace that is gone after a while. */
  readonly record: number | undefined;
  readonly kind: "put" | "delete";
  readonly time: Micros;
  readonly nonce: string;
  readonly begun: Micros;
  /** When its server had the engine's word that it is durable; Infinity when it never had. */
  ended: Micros;
};

/** What became of the lists of a world. */
export type ListHistory = {
  readonly lists: readonly ListRecord[];
  readonly applied: readonly AppliedWrite[];
  /** After everything has healed and all that waits was applied, as clients are told in the end. */
  readonly final: ReadonlyMap<number, readonly ToldState[]>;
  /** And the dead letters that are listed then, each as time of its list, nonce, and place there. */
  readonly letters: readonly string[];
};
