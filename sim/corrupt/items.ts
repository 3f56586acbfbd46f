/** Corruptors of what readers are given: items that are lost, doubled, old, mixed, or not to be there at all. */
import { pick } from "../world/keyed-random.ts";
import type { History, ReadRecord, SeenItem, WriteRecord } from "../check/history.ts";
import {
  type Corruptor,
  itemOf,
  type Means,
  ofItem,
  ofRead,
  withItem,
  writesOf,
} from "./corruptor.ts";

/** Items of reads and traversals. */
export const ITEMS: readonly Corruptor[] = [
  {
    name: "item-dropped",
    what: "an item is missing",
    corrupt: ofItem(() => []),
  },
  {
    name: "item-twice",
    what: "an item comes twice",
    corrupt: ofItem((item) => [item, item]),
  },
  {
    name: "order-swapped",
    what: "two items come in the wrong order",
    corrupt: ofRead((read) => {
      const [first, second, ...others] = read.items;
      if (first === undefined || second === undefined) return undefined;
      return { ...read, items: [second, first, ...others] };
    }),
  },
  {
    name: "old-value",
    what: "an item is that of an older put of its key",
    corrupt: ofItem((item, read, { history }) => older(item, read, history)),
  },
  {
    name: "value-of-another-key",
    what: "an item has the bytes of a put of other keys",
    corrupt: ofItem((item, _read, means) => {
      const other = anyPut(means, ({ keys }) => (keys & (1 << item.key)) === 0);
      return other && [{ ...item, valueFrom: other.operation, contentFrom: other.operation }];
    }),
  },
  {
    name: "value-of-another-record",
    what: "an item is that of another record's put of the same key",
    corrupt: ofItem((item, read, means) => {
      const other = anyPut(
        means,
        ({ keys, record }) => record !== read.record && (keys & (1 << item.key)) !== 0,
      );
      return other && [itemOf(other, item.key)];
    }),
  },
  {
    name: "blend",
    what: "an item has the value of one put and the metadata of another",
    corrupt: ofItem((item, _read, means) => {
      const other = anyPut(
        means,
        ({ keys, operation }) => (keys & (1 << item.key)) !== 0 && operation !== item.valueFrom,
      );
      return other && [{ ...item, contentFrom: other.operation }];
    }),
  },
  {
    name: "wrong-time",
    what: "an item says that it was written a microsecond later",
    corrupt: ofItem((item) => [{ ...item, writeTime: item.writeTime + 1 }]),
  },
  {
    name: "wrong-expiry",
    what: "an expiring item says that it expires a millisecond later",
    corrupt: ofItem((item) =>
      item.expiresAt === 0 ? undefined : [{ ...item, expiresAt: item.expiresAt + 1_000 }],
    ),
  },
  {
    name: "value-cut-short",
    what: "an inline value is cut short",
    corrupt: ofItem((item) => (item.chunked ? undefined : [{ ...item, whole: false }])),
  },
  {
    name: "chunked-value-cut-short",
    what: "a value in chunks lacks the last one",
    corrupt: ofItem((item) => (item.chunked ? [{ ...item, whole: false }] : undefined)),
  },
  {
    name: "short-value-in-chunks",
    what: "a value that is short enough to be inline comes out of chunks",
    corrupt: ofItem((item) => (item.chunked ? undefined : [{ ...item, chunked: true }])),
  },
  {
    name: "deleted-item-back",
    what: "an item is back that a deletion hides",
    corrupt: ofAbsence((newest) => newest.kind === "delete"),
  },
  {
    name: "expired-item-returned",
    what: "an item comes that has expired",
    corrupt: ofAbsence((newest) => newest.order.expiry !== 0),
  },
  {
    name: "key-not-asked-for",
    what: "an item comes that was not asked for",
    corrupt: ofRead((read, means) => {
      if (read.byAlias) return undefined;
      const put = anyPut(
        means,
        ({ record, keys }) => record === read.record && (keys & ~read.answered) !== 0,
      );
      if (put === undefined) return undefined;
      const item = itemOf(put, 31 - Math.clz32(put.keys & ~read.answered));
      return { ...read, items: withItem(read, item) };
    }),
  },
  {
    name: "stale-cache-answer",
    what: "an answer out of the cache has an older put's item",
    corrupt: ofItem((item, read, { history }) =>
      read.cached ? older(item, read, history) : undefined,
    ),
  },
  {
    name: "half-a-put",
    what: "one look at two keys shows one as a put left it and the other as it was before",
    corrupt: ofRead(half),
  },
];

/** The newest of the older puts of the key. */
function older(
  item: SeenItem,
  read: ReadRecord,
  history: History,
): readonly SeenItem[] | undefined {
  const put = writesOf(history, read, item.key).findLast(
    ({ kind, order }) => kind === "put" && order.time < item.writeTime,
  );
  return put && [itemOf(put, item.key)];
}

/** Any put of the world that the condition holds for. */
function anyPut(
  { history, random }: Means,
  isWanted: (put: WriteRecord) => boolean,
): WriteRecord | undefined {
  const puts = history.writes.filter((write) => write.kind === "put" && isWanted(write));
  return puts.length === 0 ? undefined : pick(random, puts);
}

/** Gives an item back that is rightly absent: that of the newest put, where the newest write is a wanted one. */
function ofAbsence(isWanted: (newest: WriteRecord) => boolean): Corruptor["corrupt"] {
  return ofRead((read, { history }) => {
    if (read.byAlias && read.items.length === 0) return undefined;
    for (let key = 0; key < 31; key += 1) {
      const isAbsent =
        (read.answered & (1 << key)) !== 0 && !read.items.some((item) => item.key === key);
      if (!isAbsent) continue;
      const writes = writesOf(history, read, key);
      const newest = writes.at(-1);
      const put = writes.findLast(({ kind }) => kind === "put");
      if (newest === undefined || put === undefined || !isWanted(newest)) continue;
      return { ...read, items: withItem(read, itemOf(put, key)) };
    }
    return undefined;
  });
}

/** Of two items by one put that was under way, the second becomes what it was before, or goes. */
function half(read: ReadRecord, { history }: Means): ReadRecord | undefined {
  // Behind a cache a sound system may answer so, as long as nobody has acknowledged the put.
  if (!read.atOnce || history.cache !== undefined) return undefined;
  for (const { key, valueFrom } of read.items.slice(1)) {
    const isShared = read.items.some((item) => item.key !== key && item.valueFrom === valueFrom);
    const put = history.writes.find(({ operation }) => operation === valueFrom);
    if (!isShared || put === undefined || put.acknowledged <= read.begun) continue;
    const before = writesOf(history, read, key).findLast(
      ({ acknowledged, order }) => acknowledged <= read.begun && order.time < put.order.time,
    );
    const others = read.items.filter((item) => item.key !== key);
    if (before?.kind !== "put") return { ...read, items: others };
    return { ...read, items: withItem({ ...read, items: others }, itemOf(before, key)) };
  }
  return undefined;
}
