/** Damages one answer of a small history; by luck the damage is one that a sound system could have answered with. */
import { chance, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import type { History, ReadRecord, SeenItem, View, WriteRecord } from "../history.ts";
import { itemOf } from "./reference.ts";

/** A change of one answer; undefined where it does not apply. */
type Damage = (history: History, random: KeyedRandom) => History | undefined;

/** The changed history, and by which name the change goes. */
export type Damaged = { readonly kind: string; readonly history: History };

/** Damages it in one way that applies, if any does. */
export function drawDamage(history: History, random: KeyedRandom): Damaged | undefined {
  const kinds = Object.keys(DAMAGES);
  const first = random.below(kinds.length);
  for (let turn = 0; turn < kinds.length; turn += 1) {
    const kind = kinds[(first + turn) % kinds.length] as string;
    const changed = DAMAGES[kind]?.(history, random);
    if (changed !== undefined) return { kind, history: changed };
  }
  return undefined;
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  "an item dropped": ofItem((items, at) => items.toSpliced(at, 1)),
  "an item twice": ofItem((items, at) => items.toSpliced(at, 0, items[at] as SeenItem)),
  "two items swapped": ofItem((items, at) => {
    const [one, other] = [items[at], items[at + 1]];
    return one === undefined || other === undefined
      ? undefined
      : items.toSpliced(at, 2, other, one);
  }),
  "another write's item": ofItem((items, at, { random, puts }) => {
    if (puts.length === 0) return undefined;
    return items.with(at, itemOf(pick(random, puts), items[at]!.key));
  }),
  "another write's value": ofPart((item, put) => ({ ...item, valueFrom: put.operation })),
  "another write's metadata": ofPart((item, put) => ({ ...item, contentFrom: put.operation })),
  "another time": ofPart((item) => ({ ...item, writeTime: item.writeTime + 1 })),
  "another expiry": ofPart((item) => ({ ...item, expiresAt: item.expiresAt + 1 })),
  "a value cut short": ofPart((item) => ({ ...item, whole: false })),
  "an item that was not there": added((read, key) => (read.answered & (1 << key)) !== 0),
  "an item not asked for": added((read, key) => (read.answered & (1 << key)) === 0),
  "a token again": ofRead((read) => {
    const { pages } = read;
    const last = pages.at(-2);
    return last === undefined ? undefined : { ...read, pages: [...pages, last] };
  }),
  "a page too large": ofRead((read) => {
    const isEmpty = !read.pages.some(({ items }) => items > 1);
    const pages = read.pages.map((page) => ({ ...page, bytes: page.budget + 1 }));
    return isEmpty ? undefined : { ...read, pages };
  }),
  "one item too many": ofRead((read) =>
    read.items.length < 2 ? undefined : { ...read, itemLimit: read.items.length - 1 },
  ),
  "an acknowledgement": ofWrite(({ acknowledged }) => acknowledged === Number.POSITIVE_INFINITY, {
    refused: false,
    code: undefined,
  }),
  "a refusal of what may be there": ofWrite(() => true, { refused: true }),
  "a replica that misses something": ofViews((views, at) =>
    views.map((view, copy) => (copy === at ? view.slice(1) : view)),
  ),
  "replicas that all miss it": ofViews((views) => views.map((view) => view.slice(1))),
};

function ofRead(change: (read: ReadRecord, random: KeyedRandom) => ReadRecord | undefined): Damage {
  return (history, random) => {
    if (history.reads.length === 0) return undefined;
    const at = random.below(history.reads.length);
    const changed = change(history.reads[at] as ReadRecord, random);
    return changed && { ...history, reads: history.reads.with(at, changed) };
  };
}

/** What an item is changed with: chance, and all puts of the history. */
type Means = { readonly random: KeyedRandom; readonly puts: readonly WriteRecord[] };

function ofItem(
  change: (items: readonly SeenItem[], at: number, means: Means) => readonly SeenItem[] | undefined,
): Damage {
  return (history, random) => {
    const puts = history.writes.filter(({ kind }) => kind === "put");
    return ofRead((read) => {
      if (read.items.length === 0) return undefined;
      const items = change(read.items, random.below(read.items.length), { random, puts });
      return items && { ...read, items };
    })(history, random);
  };
}

function ofPart(change: (item: SeenItem, put: WriteRecord) => SeenItem): Damage {
  return ofItem((items, at, { random, puts }) =>
    puts.length === 0 ? undefined : items.with(at, change(items[at]!, pick(random, puts))),
  );
}

/** An item of any put of its key, where the answer has none, in its place. */
function added(isWanted: (read: ReadRecord, key: number) => boolean): Damage {
  return (history, random) =>
    ofRead((read) => {
      const puts = history.writes.filter(({ kind }) => kind === "put");
      const known = read.items.map(({ key }) => key);
      const candidates = puts.flatMap((put) =>
        [0, 1, 2]
          .filter((key) => (put.keys & (1 << key)) !== 0 && !known.includes(key))
          .filter((key) => isWanted(read, key))
          .map((key) => itemOf(put, key)),
      );
      if (candidates.length === 0) return undefined;
      const direction = read.reverse ? -1 : 1;
      const items = [...read.items, pick(random, candidates)];
      return { ...read, items: items.toSorted((a, b) => (a.key - b.key) * direction) };
    })(history, random);
}

function ofWrite(
  applies: (write: WriteRecord) => boolean,
  changes: Pick<WriteRecord, "refused"> & Partial<WriteRecord>,
): Damage {
  return (history, random) => {
    const writes = history.writes.filter(applies);
    if (writes.length === 0) return undefined;
    const write = pick(random, writes);
    const acknowledged = changes.refused ? Number.POSITIVE_INFINITY : write.ended;
    const changed = { ...write, ...changes, acknowledged };
    return { ...history, writes: history.writes.with(history.writes.indexOf(write), changed) };
  };
}

function ofViews(change: (views: readonly View[], at: number) => readonly View[]): Damage {
  return (history, random) => {
    if (!chance(random, 1, 2)) return undefined;
    const record = random.below(history.views.length);
    const views = history.views[record] as readonly View[];
    if ((views[0]?.length ?? 0) === 0) return undefined;
    const changed = change(views, random.below(views.length));
    return { ...history, views: history.views.with(record, changed) };
  };
}
