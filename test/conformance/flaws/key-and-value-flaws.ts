/** Engines that mistake keys, ids, values or bounds. */
import { compareBytes, EMPTY_BYTES, fromUtf8, successor, utf8 } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import type { KeyRange } from "../../../src/model/range.ts";
import type { Mutation, Partition, Row } from "../../../src/ports/storage-engine.ts";
import { engineFlaw, type Flaw } from "./flaw.ts";
import type { Replacements } from "./flawed-memory.ts";
import { withKeys } from "./with-keys.ts";

const same = (key: Uint8Array): Uint8Array => key;

/** A replacement of the row of each put. */
const puts = (change: (row: Row) => Row): Replacements => ({
  mutation: (mutation) =>
    mutation.kind === "put" ? { kind: "put", row: change(mutation.row) } : mutation,
});

const ids = (change: (id: string) => string): Replacements => ({
  partition: ({ table, id }) => ({ table, id: change(id) }),
});

const reads = (change: (range: KeyRange) => KeyRange): Replacements => ({
  rangeRead: (read) => ({ ...read, range: change(read.range) }),
});

const rangeDeletes = (change: (range: KeyRange) => KeyRange): Replacements => ({
  mutation: (mutation) =>
    mutation.kind === "delete_range" ? { ...mutation, range: change(mutation.range) } : mutation,
});

const inclusiveEnd = ({ start, end }: KeyRange): KeyRange => ({
  start,
  end: end === undefined ? undefined : successor(end),
});

const exclusiveStart = ({ start, end }: KeyRange): KeyRange => ({
  start: start === undefined ? undefined : successor(start),
  end,
});

/** Moves each record's first key into its id, as an engine that glues both together might. */
const glued = (mutation: Mutation): Uint8Array | undefined =>
  mutation.kind === "put" ? mutation.row.key : undefined;

const refuse = (found: number, most: number): never => {
  throw new KvError("INTERNAL", `size is ${found}, wanted at most ${most}`, { applied: "no" });
};

/** Refuses puts whose measure is past `most`. */
const atMost = (
  most: number,
  measure: (row: Row, partition: Partition) => number,
): Replacements => ({
  mutations: (mutations, partition) => {
    for (const mutation of mutations) {
      if (mutation.kind !== "put") continue;
      const found = measure(mutation.row, partition);
      if (found > most) refuse(found, most);
    }
    return mutations;
  },
});

export const keyAndValueFlaws: readonly Flaw[] = [
  engineFlaw("loses items of the empty key", {
    mutations: (all) => all.filter((one) => glued(one)?.length !== 0),
  }),
  engineFlaw(
    "takes the empty key for 00",
    withKeys((key) => (key.length === 0 ? Uint8Array.of(0) : key), same),
  ),
  engineFlaw("takes an empty value for absence", {
    row: (row) => (row.value.length === 0 ? undefined : row),
  }),
  engineFlaw(
    "cuts values at 64 KiB",
    puts((row) => ({ ...row, value: row.value.slice(0, 65_536) })),
  ),
  engineFlaw(
    "cuts values at 65,535",
    puts((row) => ({ ...row, value: row.value.slice(0, 65_535) })),
  ),
  engineFlaw("keeps values as text", {
    row: (row) => ({ ...row, value: utf8(new TextDecoder().decode(row.value)) }),
  }),
  engineFlaw(
    "keeps keys as text",
    withKeys((key) => utf8(new TextDecoder().decode(key)), same),
  ),
  engineFlaw(
    "cuts keys at 255 bytes",
    withKeys((key) => key.slice(0, 255), same),
  ),
  engineFlaw(
    "cuts keys at 999 bytes",
    withKeys((key) => key.slice(0, 999), same),
  ),
  engineFlaw(
    "ends keys at a zero byte",
    withKeys((key) => key.slice(0, firstZero(key)), same),
  ),
  engineFlaw("keeps the bytes it is passed", { keepsBytes: true }),
  engineFlaw(
    "loses metadata",
    puts((row) => ({ ...row, metadata: EMPTY_BYTES })),
  ),
  engineFlaw("loses metadata of reads without values", {
    rangePage: (page, { projection }) => ({
      ...page,
      rows: page.rows.map((row) =>
        projection === "keys" ? { ...row, metadata: EMPTY_BYTES } : row,
      ),
    }),
  }),
  engineFlaw("loses empty rows of reads without values", {
    rangePage: (page, { projection }) => ({
      ...page,
      rows: projection === "keys" ? [] : page.rows,
    }),
  }),
  engineFlaw("says the time in milliseconds", {
    row: (row) => ({
      ...row,
      version: { ...row.version, time: Math.floor(row.version.time / 1000) * 1000 },
    }),
  }),
  engineFlaw(
    "puts all records into one",
    ids(() => "all"),
  ),
  engineFlaw(
    "ends ids at a zero byte",
    ids((id) => id.split("\0")[0] ?? ""),
  ),
  engineFlaw(
    "lowers the case of ids",
    ids((id) => id.toLowerCase()),
  ),
  engineFlaw(
    "normalises ids",
    ids((id) => id.normalize("NFC")),
  ),
  engineFlaw(
    "trims ids",
    ids((id) => id.trim()),
  ),
  engineFlaw(
    "cuts ids at 255",
    ids((id) => id.slice(0, 255)),
  ),
  engineFlaw(
    "escapes ids badly",
    ids((id) => id.replaceAll(/[/:|#]/g, "_")),
  ),
  engineFlaw("takes ids of ascii only", {
    mutations: (mutations, { id }) =>
      /^[\x20-\x7e]*$/.test(id) ? mutations : refuse(id.length, 0),
  }),
  engineFlaw("glues id and key together", {
    ...withKeys(same, same),
    afterwards: (tables, { table, id }, mutation) => {
      if (mutation.kind !== "delete_record") return;
      for (const other of tables.records(table).keys()) {
        if (other.startsWith(id)) tables.records(table).delete(other);
      }
    },
  }),
  engineFlaw("lets an open range reach the next record", {
    afterwards: (tables, { table, id }, mutation) => {
      if (mutation.kind !== "delete_range" || mutation.range.end !== undefined) return;
      const next = [...tables.records(table).keys()].toSorted().find((other) => other > id);
      if (next !== undefined) tables.records(table).delete(next);
    },
  }),
  engineFlaw("keeps all namespaces in one table", {
    partition: ({ id }) => ({ table: "shared", id }),
  }),
  engineFlaw("has a table for each eight letters", {
    partition: ({ table, id }) => ({ table: table.replace(/\d+$/, ""), id }),
  }),
  engineFlaw(
    "refuses keys past 900 bytes",
    atMost(900, (row) => row.key.length),
  ),
  engineFlaw(
    "refuses ids past 1000 bytes",
    atMost(1000, (_row, { id }) => utf8(id).length),
  ),
  engineFlaw("refuses items past 1 MiB in all", {
    ...atMost(1024 * 1024, (row) => row.value.length + row.key.length + row.metadata.length),
  }),
  engineFlaw(
    "refuses values past 4,000 bytes",
    atMost(4000, (row) => row.value.length),
  ),
  engineFlaw("takes 100 mutations at a time", {
    mutations: (mutations) => mutations.slice(0, 100),
  }),
  engineFlaw("takes 999 mutations at a time", {
    mutations: (mutations) => mutations.slice(0, 999),
  }),
  engineFlaw("reads up to the end of a range", reads(inclusiveEnd)),
  engineFlaw("reads from after the start of a range", reads(exclusiveStart)),
  engineFlaw("deletes up to the end of a range", rangeDeletes(inclusiveEnd)),
  engineFlaw("deletes from after the start of a range", rangeDeletes(exclusiveStart)),
  engineFlaw(
    "deletes open ranges up to FF",
    rangeDeletes((range) => ({ ...range, end: range.end ?? Uint8Array.of(0xf0) })),
  ),
  engineFlaw(
    "reads open ranges up to FF",
    reads((range) => ({ ...range, end: range.end ?? Uint8Array.of(0xff) })),
  ),
  engineFlaw(
    "takes an empty bound for an open one",
    reads(({ start, end }) => ({ start: start?.length === 0 ? Uint8Array.of(0) : start, end })),
  ),
  engineFlaw("sorts keys as text", {
    rangePage: (page, { reverse }) => ({
      ...page,
      rows: page.rows.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1) * (reverse ? -1 : 1)),
    }),
  }),
  engineFlaw("sorts extensions before prefixes", {
    rangePage: (page, { reverse }) => ({
      ...page,
      rows: page.rows.toSorted((a, b) => byLength(a.key, b.key) * (reverse ? -1 : 1)),
    }),
  }),
  engineFlaw("reads twice what it is asked for", {
    rangeRead: (read) => ({ ...read, rowLimit: 2 * read.rowLimit, byteLimit: Infinity }),
  }),
  engineFlaw("cannot read in reverse", { rangeRead: (read) => ({ ...read, reverse: false }) }),
  engineFlaw("loses half of many keys", {
    keysRead: (read) => ({ ...read, keys: read.keys.slice(0, 100) }),
  }),
  engineFlaw("answers keys in reverse", {
    keysPage: (page) => ({ ...page, rows: page.rows.toReversed() }),
  }),
  engineFlaw("answers absent keys as empty", {
    keysPage: (page, { keys }) => ({
      ...page,
      rows: keys.map(
        (key) =>
          page.rows.find((row) => compareBytes(row.key, key) === 0) ?? {
            key,
            value: EMPTY_BYTES,
            metadata: EMPTY_BYTES,
            version: { time: 1, rank: 0, expiry: 0, nonce: new Uint8Array(16) },
          },
      ),
    }),
  }),
];

function firstZero(key: Uint8Array): number {
  const at = key.indexOf(0);
  return at <= 0 ? key.length : at;
}

function byLength(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  const order = compareBytes(a.subarray(0, shared), b.subarray(0, shared));
  return order === 0 ? b.length - a.length : order;
}

function textOf(row: Row): string {
  try {
    return fromUtf8(row.key);
  } catch {
    return "";
  }
}
