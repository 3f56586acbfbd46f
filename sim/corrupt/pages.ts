/** Corruptors of traversals and scans: tokens that skip, repeat or go round, pages too large, records missed or doubled. */
import type { History, PageRecord, ReadRecord, SeenItem } from "../check/history.ts";
import type { KeyedRandom } from "../world/keyed-random.ts";
import { changeOne, type Corruptor, ofRead } from "./corruptor.ts";

/** Pages of records and of namespaces. */
export const PAGES: readonly Corruptor[] = [
  {
    name: "page-skipped",
    what: "a page token skips a page",
    corrupt: ofPage(({ before, items, after }) => {
      if (items.length === 0) return undefined;
      return { items: [...before.items, ...after.items], pages: [...before.pages, ...after.pages] };
    }),
  },
  {
    name: "page-repeated",
    what: "a page token leads to the page that it came with",
    corrupt: ofPage(({ before, page, items, after }) => ({
      items: [...before.items, ...items, ...items, ...after.items],
      pages: [...before.pages, page, page, ...after.pages],
    })),
  },
  {
    name: "page-overfull",
    what: "a page has the items of the next one, too",
    corrupt: ofPage(({ before, page, items, after }, read) => {
      const [next, ...others] = after.pages;
      const bytes = page.bytes + (next?.bytes ?? 0);
      if (next === undefined || bytes <= page.budget || page.items + next.items < 2) {
        return undefined;
      }
      const joined = { ...next, items: page.items + next.items, bytes };
      const all = [...before.items, ...items, ...after.items];
      return {
        items: read.items.length === all.length ? all : read.items,
        pages: [...before.pages, joined, ...others],
      };
    }),
  },
  {
    name: "empty-page-goes-round",
    what: "an empty page comes with a token that leads to it",
    corrupt: ofPage(({ before, page, items, after }) => {
      if (page.token === 0) return undefined;
      const empty = { ...page, items: 0, bytes: 0 };
      return {
        items: [...before.items, ...items, ...after.items],
        pages: [...before.pages, page, empty, ...after.pages],
      };
    }),
  },
  {
    name: "item-past-the-limit",
    what: "a traversal goes on past its item limit",
    corrupt: ofRead((read) =>
      read.items.length < 2 || read.itemLimit !== read.items.length
        ? undefined
        : { ...read, itemLimit: read.itemLimit - 1 },
    ),
  },
  {
    name: "scan-misses-an-item",
    what: "a scan misses an item",
    corrupt: ofScannedItem(() => []),
  },
  {
    name: "scan-repeats-an-item",
    what: "a scan gives an item twice",
    corrupt: ofScannedItem((item) => [item, item]),
  },
  {
    name: "scan-page-overfull",
    what: "a page of a scan has more bytes than asked for",
    corrupt: (history, random) => {
      const scans = changeOne(history.scans, random, (scan) => {
        const pages = changeOne(scan.pages, random, (page) =>
          page.items.length < 2 ? undefined : { ...page, bytes: page.budget + 1 },
        );
        return pages && { ...scan, pages };
      });
      return scans && { ...history, scans };
    },
  },
];

/** Items and pages of one side of a page. */
type Side = { readonly items: readonly SeenItem[]; readonly pages: readonly PageRecord[] };

/** A page of a traversal, with its items and what came before and after. */
type Cut = {
  readonly before: Side;
  readonly page: PageRecord;
  readonly items: readonly SeenItem[];
  readonly after: Side;
};

/** Changes a traversal at one of its pages. */
function ofPage(change: (cut: Cut, read: ReadRecord) => Side | undefined): Corruptor["corrupt"] {
  return ofRead((read, { random }) => {
    if (read.pages.length === 0) return undefined;
    const at = random.below(read.pages.length);
    const start = read.pages.slice(0, at).reduce((sum, { items }) => sum + items, 0);
    const page = read.pages[at] as PageRecord;
    const end = start + page.items;
    const cut: Cut = {
      before: { items: read.items.slice(0, start), pages: read.pages.slice(0, at) },
      page,
      items: read.items.slice(start, end),
      after: { items: read.items.slice(end), pages: read.pages.slice(at + 1) },
    };
    const changed = change(cut, read);
    return changed && { ...read, ...changed };
  });
}

/** Replaces one item that a scan gave, in its pages and in what it said of the record. */
function ofScannedItem(
  change: (item: SeenItem) => readonly SeenItem[],
): (history: History, random: KeyedRandom) => History | undefined {
  return (history, random) => {
    let replaced: { readonly item: SeenItem; readonly operation: number } | undefined;
    const scans = changeOne(history.scans, random, (scan) => {
      const pages = changeOne(scan.pages, random, (page) => {
        const found = page.items.find(({ record }) => record !== -1);
        if (found === undefined) return undefined;
        replaced = { item: found.item, operation: scan.operation };
        const items = page.items.flatMap((one) =>
          one === found ? change(one.item).map((item) => ({ ...one, item })) : [one],
        );
        return { ...page, items };
      });
      return pages && { ...scan, pages };
    });
    if (scans === undefined || replaced === undefined) return undefined;
    const { item, operation } = replaced;
    const reads = history.reads.map((read) =>
      read.byScan && read.operation === operation && read.items.includes(item)
        ? { ...read, items: read.items.flatMap((one) => (one === item ? change(one) : [one])) }
        : read,
    );
    return { ...history, scans, reads };
  };
}
