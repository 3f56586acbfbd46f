/** Lists of mutations in the words of a case. */
import {
  type KvClient,
  type MutateItemsResult,
  type MutationInput,
  matchAll,
  matchKeys,
  type MutationState,
  type Predicate,
} from "kvdal";
import { type Bytes, toBytes } from "./bytes.ts";
import { holds, same } from "./check.ts";
import { itemOf, type PutWish, rangeOf } from "./record.ts";
import type { ConformanceStore } from "./store.ts";

/** Mutations of one record. */
export type Listing = {
  readonly put: (key: Bytes, value: Bytes, wish?: PutWish) => MutationInput;
  readonly deleteKeys: (...keys: readonly Bytes[]) => MutationInput;
  readonly deleteRange: (start?: Bytes, end?: Bytes) => MutationInput;
  readonly deleteAll: () => MutationInput;
};

/** Mutations of the record `id`, of the namespace with this label, as lists have them. */
export function listing(
  { namespace }: Pick<ConformanceStore, "namespace">,
  id: string,
  label?: string,
): Listing {
  const at = { namespace: namespace(label), id };
  const remove = (predicate: Predicate): MutationInput => ({ ...at, delete: predicate });
  return {
    put: (key, value, wish) => ({ ...at, put: [itemOf(key, value, wish)] }),
    deleteKeys: (...keys) => remove(matchKeys(...keys.map(toBytes))),
    deleteRange: (start, end) => remove(rangeOf(start, end)),
    deleteAll: () => remove(matchAll),
  };
}

/** Throws unless the list's mutations are told to be of these kinds, in order. */
export async function statesAre(
  what: string,
  client: KvClient,
  { requestId }: Pick<MutateItemsResult, "requestId">,
  wanted: readonly MutationState["kind"][],
): Promise<void> {
  const { mutations } = await client.mutationStatus(requestId);
  same(
    what,
    mutations.map(({ kind }) => kind),
    wanted,
  );
}

/** Rounds of every server's applier until nothing waits. Throws when that takes too many. */
export async function applyAll({ logs, clock }: ConformanceStore): Promise<number> {
  const most = 20;
  for (let rounds = 1; ; rounds += 1) {
    const reports = await logs.apply();
    if (reports.every(({ pending }) => pending === 0)) return rounds;
    holds("rounds of the appliers", rounds < most, rounds, "an end of what waits");
    // Past any wait between two attempts.
    clock.advance(60_000_000);
  }
}
