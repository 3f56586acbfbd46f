/** A small list of mutations and how it ends, for tests of oracles. */
import type {
  AppliedWrite,
  ListedMutationRecord,
  ListHistory,
  ListRecord,
} from "../../sim/check/index.ts";
import { nonce } from "./histories.ts";

function listed(place: number, kind: "put" | "delete" = "put"): ListedMutationRecord {
  const order = { time: 500 + place, rank: kind === "put" ? 0 : 2, expiry: 0, nonce } as const;
  return { operation: 70 + place, record: 0, kind, keys: 1, order, isDoomed: false };
}

const told = [{ at: 600, states: ["applied", "applied", "pending"] as const }];
const doomed = { ...listed(2), isDoomed: true };
/** A deletion, a put, and a put in a namespace that goes away. */
export const list: ListRecord = {
  operation: 7,
  accepted: 510,
  mutations: [listed(0, "delete"), listed(1), doomed],
  told,
};

/** A write of an applier: of the mutation at `place`. */
export function applied(
  place: number,
  begun: number,
  changes: Partial<AppliedWrite> = {},
): AppliedWrite {
  const { kind, record, order } = list.mutations[place]!;
  const own = { time: order.time, nonce, begun, ended: begun + 5 };
  return { kind, record: place === 2 ? undefined : record, ...own, ...changes };
}

/** All that became of it. */
export const ends: ListHistory = {
  lists: [list],
  applied: [applied(0, 520), applied(1, 530), applied(0, 540)],
  final: new Map([[7, ["applied", "applied", "dead_lettered"]]]),
  letters: [`500 ${nonce} 2`],
};
