// Goal: scans and sweeps go through every record exactly once, whatever its id, and reads resume where they ended.
import { fc, test } from "@fast-check/vitest";
import { expect, vi } from "vitest";
import { applyToRecord } from "../../../src/engines/memory/memory-record.ts";
import { createTables, type MemoryTables } from "../../../src/engines/memory/memory-tables.ts";
import {
  insertIfAbsent,
  readRangeOf,
  sweepTable,
} from "../../../src/engines/memory/memory-verbs.ts";
import { scanTable } from "../../../src/engines/memory/scan-table.ts";
import { compareBytes, EMPTY_BYTES, toHex } from "../../../src/model/bytes.ts";
import { inRange, rangeAfter } from "../../../src/model/range.ts";
import { compareVersions } from "../../../src/model/version.ts";
import type { Mutation, Row } from "../../../src/ports/storage-engine.ts";
import { closeKeys, closeRanges } from "../../model/arbitraries.ts";
import { mutations, READ_AT } from "./mutations.ts";

/** Ids over the characters that orders and encodings get wrong. */
const ids = fc
  .array(fc.constantFrom("a", "b", "\0", "é", "\uFEFF", "\uFFFF", "😀", "\uE000"), {
    minLength: 1,
    maxLength: 3,
  })
  .map((characters) => characters.join(""));

const someIds = fc.uniqueArray(ids, { minLength: 1, maxLength: 25 });

test.prop([someIds, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 })])(
  "scanTable() gives every row once, every record in exactly one segment",
  (names, of, rowLimit) => {
    const tables = filled(names);
    const seen: string[] = [];
    const segments = new Map<string, number>();
    for (let index = 0; index < of; index += 1) {
      let cursor: Uint8Array | undefined;
      let pages = 0;
      do {
        const read = { table: "t", segment: { index, of }, cursor, rowLimit } as const;
        const page = scanTable(tables, { ...read, projection: "rows" }, READ_AT);
        for (const { id } of page.entries) {
          seen.push(id);
          expect(segments.get(id) ?? index).toBe(index);
          segments.set(id, index);
        }
        ({ cursor } = page);
        pages += 1;
        expect(pages).toBeLessThanOrEqual(3 * names.length + 1);
      } while (cursor !== undefined);
    }
    expect(seen.toSorted()).toEqual(names.flatMap((id) => [id, id]).toSorted());
  },
);

test.prop([someIds, fc.integer({ min: 1, max: 4 })])(
  "sweepTable() gets to every record once, though it removes some on its way",
  (names, rowLimit) => {
    const tables = filled(names);
    let examined = 0;
    let removed = 0;
    let cursor: Uint8Array | undefined;
    do {
      const request = { table: "t", cursor, rowLimit, retention: 10 };
      const outcome = sweepTable(tables, request, 1_000_000);
      examined += outcome.rowsExamined;
      removed += outcome.rowsRemoved;
      ({ cursor } = outcome);
      expect(examined).toBeLessThanOrEqual(3 * names.length);
    } while (cursor !== undefined);
    expect([examined, removed]).toEqual([3 * names.length, names.length]);
    expect(sweepTable(tables, { table: "t", cursor, rowLimit: 999, retention: 10 }, 1)).toEqual({
      rowsExamined: 2 * names.length,
      rowsRemoved: 0,
      cursor: undefined,
    });
  },
);

test("sweepTable() goes through all ids of a table once a sweep at most, not once a step", () => {
  const tables = filled(Array.from({ length: 100 }, (_, i) => `id${i}`));
  const ids = vi.spyOn(tables.records("t"), "keys");
  let [cursor, steps]: [Uint8Array | undefined, number] = [undefined, 0];
  do {
    ({ cursor } = sweepTable(tables, { table: "t", cursor, rowLimit: 10, retention: 10 }, 1));
    steps += 1;
  } while (cursor !== undefined);
  expect([steps > 10, ids.mock.calls.length]).toEqual([true, 1]);
});

test.prop([
  fc.array(mutations, { maxLength: 25 }),
  closeRanges,
  fc.boolean(),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 120 }),
])(
  "readRangeOf() in slices is the whole range, each slice within its bounds",
  (list, range, reverse, rowLimit, byteLimit) => {
    const tables = createTables();
    tables.provision("t");
    const record = tables.recordForWrite({ table: "t", id: "r" });
    for (const mutation of list) applyToRecord(record, mutation);
    const read = { table: "t", id: "r", reverse, projection: "rows" } as const;
    const whole = readRangeOf(record, { ...read, range, rowLimit: 999, byteLimit: 1e9 }, READ_AT);
    expect(whole.resumeAfter).toBeUndefined();
    const parts: Row[] = [];
    let rest = range;
    let examined = 0;
    for (;;) {
      const page = readRangeOf(record, { ...read, range: rest, rowLimit, byteLimit }, READ_AT);
      parts.push(...page.rows);
      examined += page.rowsExamined;
      expect(page.rowsExamined).toBeLessThanOrEqual(rowLimit);
      const bytes = page.rows.slice(0, -1).map((row) => row.key.length + row.value.length);
      expect(bytes.reduce((sum, more) => sum + more, 0)).toBeLessThan(byteLimit);
      if (page.resumeAfter === undefined) break;
      expect(inRange(rest, page.resumeAfter)).toBe(true);
      rest = rangeAfter(rest, page.resumeAfter, reverse);
    }
    expect(parts).toEqual(whole.rows);
    expect(examined).toBe(whole.rowsExamined);
    const order = parts.map((row) => row.key).toSorted(compareBytes);
    expect(parts.map((row) => toHex(row.key))).toEqual(
      (reverse ? order.toReversed() : order).map(toHex),
    );
  },
);

test.prop([fc.array(mutations, { maxLength: 12 }), closeKeys, mutations])(
  "insertIfAbsent() inserts only where no live row is, and says the same when repeated",
  (list, key, other) => {
    if (other.kind !== "put") return;
    const row = { ...other.row, key };
    const tables = createTables();
    tables.provision("t");
    const record = tables.recordForWrite({ table: "t", id: "r" });
    for (const mutation of list) applyToRecord(record, mutation);
    const before = record.rows.get(key)?.version;
    const outcome = insertIfAbsent(record, row, READ_AT);
    const after = record.rows.get(key)?.version;
    if (outcome.kind === "present") expect(after).toEqual(before);
    else expect(after !== undefined && compareVersions(after, row.version) === 0).toBe(true);
    expect(insertIfAbsent(record, row, READ_AT)).toEqual(outcome);
  },
);

/** Records of three rows each: two stay, one has expired long ago. */
function filled(names: readonly string[]): MemoryTables {
  const tables = createTables();
  tables.provision("t");
  for (const id of names) {
    const record = tables.recordForWrite({ table: "t", id });
    for (const [byte, expiry] of [0, 0, 5].entries()) applyToRecord(record, rowOf(byte, expiry));
  }
  return tables;
}

function rowOf(byte: number, expiry: number): Mutation {
  const version = {
    time: 1,
    rank: expiry === 0 ? 0 : 1,
    expiry,
    nonce: new Uint8Array(16),
  } as const;
  const row = { key: Uint8Array.of(byte), value: EMPTY_BYTES, metadata: EMPTY_BYTES, version };
  return { kind: "put", row };
}
