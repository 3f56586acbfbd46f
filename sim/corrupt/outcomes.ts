/** Corruptors of what callers are told of their calls: of writes, of lists, and errors that pass for something else. */
import { pick } from "../world/keyed-random.ts";
import type { History, WriteRecord } from "../check/history.ts";
import type { ListHistory, ListRecord } from "../check/list-history.ts";
import { changeOne, type Corruptor, itemOf, writesOf } from "./corruptor.ts";

const NEVER: number = Number.POSITIVE_INFINITY;

/** Outcomes of calls. */
export const OUTCOMES: readonly Corruptor[] = [
  {
    name: "acknowledged-write-lost",
    what: "an acknowledged put is gone from every later answer, which show what was there before",
    corrupt: (history, random) => {
      const shown = new Set(
        history.reads.flatMap(({ items }) => items.map((one) => one.valueFrom)),
      );
      const puts = history.writes.filter(
        ({ kind, operation, acknowledged }) =>
          kind === "put" && acknowledged !== NEVER && shown.has(operation),
      );
      return puts.length === 0 ? undefined : without(history, pick(random, puts));
    },
  },
  {
    name: "error-as-absence",
    what: "a read that failed is told as an empty answer",
    corrupt: (history, random) => {
      const failed = history.unanswered.filter(
        ({ answered, byAlias }) => answered !== 0 && !byAlias,
      );
      if (failed.length === 0) return undefined;
      return { ...history, reads: [...history.reads, pick(random, failed)] };
    },
  },
  {
    name: "refusal-acknowledged",
    what: "a write that was refused is told to be done",
    corrupt: ofWrite(
      ({ refused }) => refused,
      ({ ended }) => ({
        refused: false,
        code: undefined,
        acknowledged: ended,
      }),
    ),
  },
  {
    name: "applied-told-as-refused",
    what: "a put that readers were shown is told to be refused",
    corrupt: ofWrite(
      ({ kind, acknowledged }) => kind === "put" && acknowledged !== NEVER,
      () => ({
        refused: true,
        code: "UNAVAILABLE",
        acknowledged: NEVER,
      }),
    ),
  },
  {
    name: "token-taken-as-refused",
    what: "a write within the window of tokens is refused as too new",
    corrupt: ofWrite(
      ({ acknowledged }) => acknowledged !== NEVER,
      () => ({
        code: "TOKEN_FROM_FUTURE",
        acknowledged: NEVER,
      }),
    ),
  },
  {
    name: "token-used-again",
    what: "a client's write has the token time of the one before it",
    corrupt: (history, random) => {
      const writes = changeOne(history.writes, random, (write) => {
        const before = history.writes
          .slice(0, history.writes.indexOf(write))
          .findLast(({ client }) => client === write.client);
        return before && { ...write, order: { ...write.order, time: before.order.time } };
      });
      return writes && { ...history, writes };
    },
  },
  {
    name: "applied-too-early",
    what: "a mutation of a list is told to be applied while it waits",
    corrupt: ofLists((lists, random) => {
      const changed = changeOne(lists.lists, random, (list) => toldEarly(list, lists));
      return changed && { ...lists, lists: changed };
    }),
  },
  {
    name: "accepted-list-forgotten",
    what: "a list that was accepted is not known in the end",
    corrupt: ofLists((lists, random) => {
      const known = lists.lists.filter(
        ({ operation, accepted }) => accepted !== NEVER && lists.final.has(operation),
      );
      if (known.length === 0) return undefined;
      return { ...lists, final: new Map(lists.final).set(pick(random, known).operation, []) };
    }),
  },
  {
    name: "list-out-of-order",
    what: "an applier writes a later mutation of a record before an earlier one",
    corrupt: ofLists((lists, random) => {
      const applied = changeOne(lists.applied, random, (write) => {
        const earlier = lists.applied.find(
          (one) =>
            one.nonce === write.nonce &&
            one.record === write.record &&
            one.record !== undefined &&
            one.time < write.time,
        );
        return earlier && { ...write, begun: earlier.begun - 1 };
      });
      return applied && { ...lists, applied };
    }),
  },
];

function ofWrite(
  isWanted: (write: WriteRecord) => boolean,
  change: (write: WriteRecord) => Partial<WriteRecord>,
): Corruptor["corrupt"] {
  return (history, random) => {
    const writes = changeOne(history.writes, random, (write) =>
      isWanted(write) ? { ...write, ...change(write) } : undefined,
    );
    return writes && { ...history, writes };
  };
}

function ofLists(
  change: (
    lists: ListHistory,
    random: Parameters<Corruptor["corrupt"]>[1],
  ) => ListHistory | undefined,
): Corruptor["corrupt"] {
  return (history, random) => {
    const lists = history.lists && change(history.lists, random);
    return lists && { ...history, lists };
  };
}

/** The list with an answer that says that something waits saying that it is applied; it is not durable then. */
function toldEarly(list: ListRecord, { applied }: ListHistory): ListRecord | undefined {
  for (const [at, { at: moment, states }] of list.told.entries()) {
    const place = list.mutations.findIndex(
      ({ order, isDoomed }, i) =>
        !isDoomed &&
        states[i] === "pending" &&
        !applied.some(
          (write) =>
            write.nonce === order.nonce && write.time === order.time && write.ended <= moment,
        ),
    );
    if (place === -1) continue;
    const early = { at: moment, states: states.with(place, "applied") };
    return { ...list, told: list.told.with(at, early) };
  }
  return undefined;
}

/** Every answer after the put's acknowledgement as it would be, had it never been. */
function without(history: History, put: WriteRecord): History {
  const reads = history.reads.map((read) => {
    if (read.record !== put.record || read.begun < put.acknowledged || read.byScan) return read;
    const items = read.items.flatMap((item) => {
      if (item.valueFrom !== put.operation) return [item];
      const before = writesOf(history, read, item.key).findLast(
        ({ order }) => order.time < put.order.time,
      );
      return before?.kind === "put" && before.order.expiry === 0 ? [itemOf(before, item.key)] : [];
    });
    return items.length === read.items.length && items.every((item, i) => item === read.items[i])
      ? read
      : { ...read, items };
  });
  return { ...history, reads };
}
