/** Writes down what clients handed in as lists, and what they were told of them. */
import { toHex } from "kvdal";
import type { WriteRecord } from "../check/history.ts";
import type { ListRecord, ToldState } from "../check/list-history.ts";
import { listedKeys, type ListedOperation, type Operation } from "./operation.ts";
import type { OpenOperation } from "./recorder.ts";

/** How much a deletion names. */
const SCOPES = {
  put: undefined,
  delete_keys: "keys",
  delete_range: "range",
  delete_record: "record",
} as const;

/** A list that was accepted, and by which name to ask for it. */
export type AcceptedList = { readonly operation: number; readonly requestId: string };

/** Lists that were accepted so far. */
export type AcceptedLists = {
  readonly accepted: ReadonlyMap<number, AcceptedList>;
  /** The last one of a client. */
  readonly lastOf: (client: number) => AcceptedList | undefined;
};

/** A list while more is told of it. */
type OpenList = ListRecord & { readonly told: { at: number; states: readonly ToldState[] }[] };

/** The lists of one world. */
export class ListRecorder implements AcceptedLists {
  readonly lists: OpenList[] = [];
  readonly accepted: Map<number, AcceptedList> = new Map();
  /** What was told of a list when it was asked for last. */
  readonly latest: Map<number, readonly ToldState[]> = new Map();
  readonly #lasts: Map<number, AcceptedList> = new Map();

  lastOf(client: number): AcceptedList | undefined {
    return this.#lasts.get(client);
  }

  /** A list was handed in, well or not; its mutations as writes, none of which was acknowledged yet. */
  endList(open: OpenOperation, now: number, keyCount: number): readonly WriteRecord[] {
    const { operation, token, error, requestId } = open;
    if (operation.kind !== "list" || token === undefined) return [];
    const { generationTime, nonce } = token;
    const orderOf = (place: number, { kind }: ListedOperation) => ({
      time: generationTime + place,
      rank: kind === "put" ? (0 as const) : (2 as const),
      expiry: 0,
      nonce: toHex(nonce),
    });
    const mutations = operation.mutations.map((listed, place) => ({
      operation: listed.operation,
      record: listed.record,
      isDoomed: listed.isDoomed,
      kind: listed.kind === "put" ? ("put" as const) : ("delete" as const),
      keys: listedKeys(listed, keyCount),
      order: orderOf(place, listed),
    }));
    const listTimes = { first: generationTime, last: generationTime + mutations.length - 1 };
    const scopes = new Map(operation.mutations.map((one) => [one.operation, SCOPES[one.kind]]));
    const accepted = error === undefined ? now : Number.POSITIVE_INFINITY;
    this.lists.push({ operation: operation.index, accepted, mutations, told: [] });
    if (requestId !== undefined) {
      const list = { operation: operation.index, requestId };
      this.accepted.set(operation.index, list);
      this.#lasts.set(open.client, list);
    }
    return mutations
      .filter(({ isDoomed }) => !isDoomed)
      .map(({ operation: number, record, keys, kind, order }) => ({
        operation: number,
        client: open.client,
        record,
        keys,
        kind,
        chunked: 0,
        scope: scopes.get(number),
        order,
        begun: open.begun,
        acknowledged: Number.POSITIVE_INFINITY,
        ended: now,
        code: error?.code,
        refused: error?.applied === "no" && !open.doubled,
        ...(error?.applied === "no" && { toldRefused: true }),
        shown: open.shown,
        listTimes,
      }));
  }

  /** What was told of a list; the operations of those mutations that are now known to be applied. */
  endStatus({ told }: OpenOperation, now: number): readonly number[] {
    const list = this.lists.find(({ operation }) => operation === told?.list);
    if (told === undefined || list === undefined) return [];
    list.told.push({ at: now, states: told.states });
    this.latest.set(told.list, told.states);
    return list.mutations
      .filter((_, place) => told.states[place] === "applied")
      .map(({ operation }) => operation);
  }
}

/** Under which numbers the writes of an operation stand in a history. */
export function writesOf(operation: Operation): readonly number[] {
  return operation.kind === "list"
    ? operation.mutations.map((listed) => listed.operation)
    : [operation.index];
}
