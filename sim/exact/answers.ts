/** Calls that are answered: what was put comes back, in every way in which it can be asked for. */
import {
  concatBytes,
  type ContentMetadata,
  type Item,
  keyOnly,
  matchAll,
  matchKeys,
  matchRange,
  type Predicate,
  type Selection,
  utf8,
} from "kvdal";
import { difference, differences, tableDifference } from "./difference.ts";
import { type Asked, type ExactCall, put, read } from "./exact-call.ts";

const CONTENT: ContentMetadata = { type: "text/plain", note: utf8("a note") };
const SHORT = utf8("abc");

/** Longer than what is stored in a row, and no multiple of a chunk. */
function longValue({ chunkAboveBytes }: Asked): Uint8Array {
  return Uint8Array.from({ length: 3 * chunkAboveBytes + 7 }, (_, i) => (31 * i + 7) & 0xff);
}

/** The record as the first of these calls puts it, in key order. */
function itemsOf(asked: Asked): readonly { key: Uint8Array; value: Uint8Array }[] {
  return [
    { key: utf8(""), value: SHORT },
    { key: utf8("a"), value: longValue(asked) },
    { key: utf8("b"), value: utf8("") },
    { key: utf8("c"), value: SHORT },
  ];
}

/** That record's items in words. */
const ITEMS = [
  "the empty key",
  "the item of a long value",
  "that of an empty one",
  "the last item",
];

const pairs = (items: readonly Pick<Item, "key" | "value">[]) =>
  items.map(({ key, value }) => [key, value]);
const keys = (items: readonly Pick<Item, "key">[]) => items.map(({ key }) => key);

const PUT: ExactCall = {
  rule: "DATA-3",
  says: "a put of an empty key, an empty value and a long one",
  ask: async (asked) => {
    const items = itemsOf(asked).map((item, i) => (i === 3 ? { ...item, content: CONTENT } : item));
    await put(asked, items);
    const found = pairs(await read(asked));
    return tableDifference(
      { rows: ITEMS, columns: ["key", "value"] },
      found,
      pairs(itemsOf(asked)),
    );
  },
};

const CONTENTS: ExactCall = {
  rule: "DATA-5",
  says: "what the writer noted of an item",
  ask: async (asked) => {
    const items = await read(asked);
    const wanted = [[null], [null], [null], [CONTENT]];
    const found = items.map(({ metadata }) => [metadata.content]);
    return tableDifference({ rows: ITEMS, columns: ["note"] }, found, wanted);
  },
};

const KEYS_ONLY: ExactCall = {
  rule: "GET-3",
  says: "keys without values",
  ask: async (asked) => {
    const items = await read(asked, matchAll, { include: "keys" });
    const told = items.map((item) => [item.key, item.value.length, item.valueOmitted]);
    const wanted = keys(itemsOf(asked)).map((key) => [key, 0, true]);
    const last = items.at(-1)?.metadata.content;
    const columns = ["key", "bytes of the value", "value left out"];
    return (
      tableDifference({ rows: ITEMS, columns }, told, wanted) ??
      differences([["what the writer noted of the last", last, CONTENT]])
    );
  },
};

const WITHOUT_LARGE: ExactCall = {
  rule: "GET-3",
  says: "values up to a size",
  ask: async (asked) => {
    const excludeValuesAboveBytes = SHORT.length;
    const items = await read(asked, matchAll, { excludeValuesAboveBytes });
    const isLeft = ({ value }: Pick<Item, "value">) => value.length > excludeValuesAboveBytes;
    const wanted = itemsOf(asked).map((item) => [
      isLeft(item),
      isLeft(item) ? 0 : item.value.length,
    ]);
    const found = items.map(({ valueOmitted, value }) => [valueOmitted, value.length]);
    const columns = ["value left out", "bytes of the value"];
    return tableDifference({ rows: ITEMS, columns }, found, wanted);
  },
};

const RANGES: ExactCall = {
  rule: "GET-1",
  says: "ranges with one end, with both, with none between, and backwards",
  ask: async (asked) => {
    const [none, a, b, c] = keys(itemsOf(asked)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const of = async (predicate: Predicate, selection?: Selection) =>
      keys(await read(asked, predicate, selection));
    return differences([
      ["from a to before c", await of(matchRange(a, c)), [a, b]],
      ["to before b", await of(matchRange(undefined, b)), [none, a]],
      ["from b on", await of(matchRange(b, undefined)), [b, c]],
      ["from b to before b", await of(matchRange(b, b)), []],
      ["from c to before a", await of(matchRange(c, a)), []],
      ["to before the empty key", await of(matchRange(undefined, none)), []],
      ["backwards from before c to a", await of(matchRange(a, c), { reverse: true }), [b, a]],
      ["at most two", await of(matchAll, { itemLimit: 2, pageSizeBytes: 1 }), [none, a]],
    ]);
  },
};

const BY_KEYS: ExactCall = {
  rule: "GET-2",
  says: "keys in any order, one twice and one that is absent",
  ask: async (asked) => {
    const [none, a, , c] = keys(itemsOf(asked)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const predicate = matchKeys(c, a, utf8("absent"), none, c);
    const forwards = keys(await read(asked, predicate));
    const backwards = keys(await read(asked, predicate, { reverse: true, pageSizeBytes: 1 }));
    return differences([
      ["forwards", forwards, [none, a, c]],
      ["backwards, page by page", backwards, [c, a, none]],
    ]);
  },
};

/** A stream's pieces, none of which is as long as a chunk. */
function* pieces(value: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < value.length; at += 5) yield value.slice(at, at + 5);
}

const STREAMS: ExactCall = {
  rule: "CHUNK-6",
  says: "values that go and come as streams: none, a short one, a long one",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const key = utf8("stream");
    for (const value of [SHORT, longValue(asked), utf8("")]) {
      const put = { namespace, id, key, token: asked.token(), content: CONTENT };
      await asked.call((client) => client.putValue(put, pieces(value)));
      const reader = await asked.call((client) => client.readValue({ namespace, id, key }));
      if (reader === undefined) return "nothing came";
      const came: Uint8Array[] = [];
      await asked.call(async () => {
        for await (const piece of reader.value) came.push(piece);
      });
      const flaw = differences([
        ["the value", concatBytes(...came), value],
        ["what the writer noted", reader.item.metadata.content, CONTENT],
      ]);
      if (flaw !== undefined) return flaw;
    }
    const gone = { namespace, id, key: utf8("absent") };
    const absent = await asked.call((client) => client.readValue(gone));
    return differences([["a value that is absent", absent, undefined]]);
  },
};

const OLDER: ExactCall = {
  rule: "TOK-5",
  says: "an older write after a newer one, and a newer one again",
  ask: async (asked) => {
    const [older, newer] = [asked.token(), asked.token()];
    const key = utf8("order");
    await put(asked, [{ key, value: utf8("newer") }], newer);
    await put(asked, [{ key, value: utf8("older") }], older);
    await put(asked, [{ key, value: utf8("newer") }], newer);
    return difference(pairs(await read(asked, matchKeys(key))), [[key, utf8("newer")]]);
  },
};

const RANGE_DELETED: ExactCall = {
  rule: "DEL-2",
  says: "deletions of ranges and of keys",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const names = ["r1", "r2", "r3", "r4", "r5"].map((text) => utf8(text));
    const [, second, third, fourth] = names as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    await put(
      asked,
      names.map((key) => keyOnly(key)),
    );
    const gone = [matchRange(third, third), matchRange(second, third), matchKeys(fourth)];
    for (const predicate of gone) {
      const deletion = { namespace, id, predicate, token: asked.token() };
      await asked.call((client) => client.deleteItems(deletion));
    }
    const left = keys(await read(asked, matchRange(utf8("r"), utf8("s"))));
    return differences([["keys left", left, [names[0], names[2], names[4]]]]);
  },
};

const aloneWords = (item: string): string => `${item}, in keys alone`;

const SCANNED: ExactCall = {
  rule: "SCAN-1",
  says: "the record in a scan, whole and in keys alone",
  ask: async (asked) => {
    const { namespace, id } = asked;
    const own: [Uint8Array, number, boolean][][] = [];
    for (const selection of [{}, { include: "keys" as const }]) {
      const found: [Uint8Array, number, boolean][] = [];
      let pageToken: Uint8Array | undefined;
      do {
        const input = { namespace, selection, pageToken };
        const page = await asked.call((client) => client.scanItems(input));
        const mine = page.items.filter((item) => item.id === id && item.key.length < 2);
        found.push(
          ...mine.map((item): [Uint8Array, number, boolean] => [
            item.key,
            item.value.length,
            item.valueOmitted,
          ]),
        );
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      own.push(found);
    }
    const wanted = itemsOf(asked);
    const columns = ["key", "bytes of the value", "value left out"];
    const [whole = [], alone = []] = own;
    const inKeys = wanted.map(({ key }) => [key, 0, true]);
    const flaw = tableDifference(
      { rows: ITEMS, columns },
      whole,
      wanted.map(({ key, value }) => [key, value.length, false]),
    );
    return flaw ?? tableDifference({ rows: ITEMS.map(aloneWords), columns }, alone, inKeys);
  },
};

/** In this order: later ones read what the first has put. */
export const ANSWERED: readonly ExactCall[] = [
  PUT,
  CONTENTS,
  KEYS_ONLY,
  WITHOUT_LARGE,
  RANGES,
  BY_KEYS,
  SCANNED,
  STREAMS,
  OLDER,
  RANGE_DELETED,
];
