/** What a coordinator asks of replicas: what each is told, what it does, and how answers merge. */
import type { Micros } from "kvdal";
import type { KeysRead, Mutation, Partition, RangeRead, RowsPage, ScanRead } from "kvdal/engine";
import type { Carried } from "../../world/trace.ts";
import { mergeReplies } from "./merge.ts";
import type { Replica, ReplicaReply } from "./replica.ts";

/** A read verb: what one replica answers, and how answers merge. */
export type ReadVerb<R, A> = {
  readonly read: KeysRead | RangeRead | ScanRead;
  readonly ask: (replica: Replica) => R;
  readonly merge: (replies: readonly R[]) => A;
};

/** A read of a range. */
export function rangeVerb(read: RangeRead, expiredBy: Micros): ReadVerb<ReplicaReply, RowsPage> {
  const order = { reverse: read.reverse, projection: read.projection, expiredBy };
  return {
    read,
    ask: (replica) => replica.readRange(read),
    merge: (replies) => mergeReplies(replies, order),
  };
}

/** A read of keys. */
export function keysVerb(read: KeysRead, expiredBy: Micros): ReadVerb<ReplicaReply, RowsPage> {
  const order = { reverse: false, projection: read.projection, expiredBy };
  return {
    read,
    ask: (replica) => replica.readKeys(read, read.keys),
    merge: (replies) => mergeReplies(replies, order),
  };
}

/** What every replica is to do, and, for whoever watches, what it is told so by. */
export type WriteVerb = {
  readonly carries: (signal: AbortSignal) => Carried;
  readonly write: (
    replica: Replica,
    key: number,
  ) => { readonly durableAt: Micros; readonly lost: boolean };
};

/** A write of mutations. */
export function writeVerb(partition: Partition, mutations: readonly Mutation[]): WriteVerb {
  return {
    carries: (signal) => ({ kind: "write", partition, mutations, signal }),
    write: (replica, key) => replica.write(partition, mutations, key),
  };
}
