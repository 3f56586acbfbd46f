/** Engines that keep most of the port's letter: slips that authors of adapters make. */
import { sweepTable } from "../../../src/engines/memory/memory-verbs.ts";
import { applyToRecord } from "../../../src/engines/memory/memory-record.ts";
import { isLive } from "../../../src/engines/shared/visibility.ts";
import type { Row } from "../../../src/ports/storage-engine.ts";
import { engineFlaw, type Flaw } from "./flaw.ts";

/** Longer values come after all others, as from a store of their own. */
function largeLast(rows: readonly Row[]): readonly Row[] {
  const isLarge = ({ value }: Row): boolean => value.length >= 10_000;
  return [...rows.filter((row) => !isLarge(row)), ...rows.filter(isLarge)];
}

/** Most keys that a service of somebody else answers in one request. */
const KEYS_ANSWERED = 100;

export const portFlaws: readonly Flaw[] = [
  engineFlaw("brings large rows of a range last", {
    rangePage: (page, { reverse }) => (reverse ? page : { ...page, rows: largeLast(page.rows) }),
  }),
  engineFlaw("brings large rows of keys last", {
    keysPage: (page) => ({ ...page, rows: largeLast(page.rows) }),
  }),
  engineFlaw("answers the first hundred keys", {
    keysRead: (read) => ({ ...read, keys: read.keys.slice(0, KEYS_ANSWERED) }),
  }),
  engineFlaw("says nothing of expiry where values are left out", {
    rangePage: (page, { projection }) => ({
      ...page,
      rows: projection === "rows" ? page.rows : page.rows.map(withoutExpiry),
    }),
  }),
  engineFlaw("takes byte limits for hints", {
    rangeRead: (read) => ({ ...read, byteLimit: Number.POSITIVE_INFINITY }),
  }),
  engineFlaw("answers outcomes back to front", { outcomes: (outcomes) => outcomes.toReversed() }),
  engineFlaw("works for callers who are gone", { ignoresEnd: true }),
  engineFlaw("a conditional put looks at its row alone", {
    insert: (record, row, now) => {
      const present = record.rows.get(row.key);
      if (present === undefined || !isLive(row.key, present.version, record.tombstones, now)) {
        applyToRecord(record, { kind: "put", row });
        return { kind: "inserted" };
      }
      return { kind: "present" };
    },
  }),
  engineFlaw("sweeps the first rows of a table", {
    sweep: (...args) => ({ ...sweepTable(...args), cursor: undefined }),
  }),
  engineFlaw("sweeps by half of the retention", {
    sweep: (tables, request, now) =>
      sweepTable(tables, { ...request, retention: request.retention / 2 }, now),
  }),
];

function withoutExpiry(row: Row): Row {
  return { ...row, version: { ...row.version, expiry: 0 } };
}
