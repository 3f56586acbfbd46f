/** Operations as a plan holds them: drawn before the run, complete with keys, sizes and times. */
import type { Micros } from "kvdal";

/** What every operation has. */
type Common = {
  /** Unique in its world, > 0; values carry it, so that every byte read tells which write it is from. */
  readonly index: number;
  /** How long the client waits before it begins, microseconds. */
  readonly think: Micros;
  readonly record: number;
  /** After how long its caller gives up, microseconds; 0 for never. */
  readonly giveUp: Micros;
};

/** Keys are indexes into the world's key list, which is sorted; ranges are half-open over the same indexes. */
export type Operation =
  | (Common & {
      readonly kind: "put";
      readonly items: readonly { readonly key: number; readonly bytes: number }[];
      /** Time to live of all its items, microseconds; 0 for none. */
      readonly ttl: Micros;
    })
  | (Common & { readonly kind: "get"; readonly keys: readonly number[] })
  | (Common & {
      readonly kind: "page";
      readonly from: number;
      /** Past the last key: to the end. */
      readonly to: number;
      readonly pageBytes: number;
      /** 0 for none. */
      readonly itemLimit: number;
      readonly reverse: boolean;
      /** Read by the namespace's alias: nothing at all, where that points elsewhere when it begins (NS-4). */
      readonly byAlias: boolean;
    })
  | (Common & {
      /** Of the whole namespace; `record` says nothing. */
      readonly kind: "scan";
      readonly segments: number;
      readonly concurrency: number;
      readonly pageBytes: number;
      /** After so many pages it is abandoned, and goes on from its checkpoint; one number a time. */
      readonly stops: readonly number[];
      /** What its caller does with each page takes so long, microseconds; pages come in meanwhile. */
      readonly pause: Micros;
      /** By the namespace's alias: nothing at all, where that points elsewhere when it begins (NS-4). */
      readonly byAlias: boolean;
    })
  | (Common & { readonly kind: "delete_keys"; readonly keys: readonly number[] })
  | (Common & { readonly kind: "delete_range"; readonly from: number; readonly to: number })
  | (Common & { readonly kind: "delete_record" })
  | (Common & { readonly kind: "list"; readonly mutations: readonly ListedOperation[] })
  /** Asks what became of a list: that of the operation `of`, or the client's last one for 0. */
  | (Common & { readonly kind: "status"; readonly of: number });

/** A mutation of a list, as an operation of its own: values carry its number. */
export type ListedOperation = {
  readonly operation: number;
  readonly record: number;
  /** In the namespace that is gone after a while; its record is then of no account. */
  readonly isDoomed: boolean;
} & (
  | { readonly kind: "put"; readonly keys: readonly number[] }
  | { readonly kind: "delete_keys"; readonly keys: readonly number[] }
  | { readonly kind: "delete_range"; readonly from: number; readonly to: number }
  | { readonly kind: "delete_record" }
);

/** A set of key indexes, below 31, as bits. */
export type KeySet = number;

/** Most keys of a world: sets of them are bits of one small integer. */
export const WORLD_KEYS_MAX = 30;

/** The keys that a mutation of a list is about. */
export function listedKeys(listed: ListedOperation, keyCount: number): KeySet {
  switch (listed.kind) {
    case "put":
    case "delete_keys":
      return listed.keys.reduce((set, key) => set | (1 << key), 0);
    case "delete_range":
      return keysBetween(listed.from, listed.to);
    case "delete_record":
      return keysBetween(0, keyCount);
    default:
      throw listed satisfies never;
  }
}

/** The keys that an operation is about; none for one that is about several records, or about none. */
export function keysOf(operation: Operation, keyCount: number): KeySet {
  switch (operation.kind) {
    case "list":
    case "status":
      return 0;
    case "put":
      return operation.items.reduce((set, item) => set | (1 << item.key), 0);
    case "get":
    case "delete_keys":
      return operation.keys.reduce((set, key) => set | (1 << key), 0);
    case "page":
    case "delete_range":
      return keysBetween(operation.from, Math.min(operation.to, keyCount));
    case "delete_record":
    case "scan":
      return keysBetween(0, keyCount);
    default:
      throw operation satisfies never;
  }
}

function keysBetween(from: number, to: number): KeySet {
  return to <= from ? 0 : ((1 << to) - 1) & ~((1 << from) - 1);
}

/** Numbers of the keys that an operation is about, those of a list's mutations included. */
export function keyNumbers(operation: Operation, keyCount: number): readonly number[] {
  if (operation.kind !== "list") return numbersIn(keysOf(operation, keyCount));
  return numbersIn(
    operation.mutations.reduce((set, mutation) => set | listedKeys(mutation, keyCount), 0),
  );
}

/** The numbers of the keys in a set. */
export function numbersIn(set: KeySet): readonly number[] {
  return Array.from({ length: 31 }, (_, i) => i).filter((i) => (set & (1 << i)) !== 0);
}
