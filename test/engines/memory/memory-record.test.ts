// Goal: what a reader sees follows from the set of mutations, not from their order or number (TOK-4 to TOK-6, DEL-4).
// Method: arrivals in any order are compared with the definition, which looks at all mutations at once.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  applyToRecord,
  emptyRecord,
  type MemoryRecord,
  sweepRecord,
} from "../../../src/engines/memory/memory-record.ts";
import { readRangeOf } from "../../../src/engines/memory/memory-verbs.ts";
import { compareBytes, toHex, utf8 } from "../../../src/model/bytes.ts";
import { ALL_KEYS, inRange } from "../../../src/model/range.ts";
import { compareVersions, putVersion } from "../../../src/model/version.ts";
import type { Mutation, Row } from "../../../src/ports/storage-engine.ts";
import { mutations, READ_AT } from "./mutations.ts";

const arrivals = fc.array(mutations, { maxLength: 25 });

test.prop([arrivals])("applyToRecord() shows what the definition of the port says", (list) => {
  expect(shown(recordOf(list))).toEqual(defined(list));
});

test.prop([arrivals.chain((list) => fc.tuple(fc.constant(list), shuffled(list)))])(
  "applyToRecord() in any order and with repeats comes to the same",
  ([list, other]) => {
    expect(shown(recordOf([...other, ...list.slice(0, 9)]))).toEqual(shown(recordOf(list)));
  },
);

test.prop([arrivals, mutations])(
  "applyToRecord() of a repeat changes nothing",
  (list, repeated) => {
    const record = recordOf([repeated, ...list]);
    const before = shown(record);
    const outcome = applyToRecord(record, repeated);
    expect(["applied", "superseded"]).toContain(outcome.kind);
    expect(shown(record)).toEqual(before);
  },
);

test.prop([mutations])(
  "applyToRecord() answers applied to a repeat of the newest write",
  (mutation) => {
    const record = emptyRecord();
    expect(applyToRecord(record, mutation)).toEqual({ kind: "applied" });
    expect(applyToRecord(record, mutation)).toEqual({ kind: "applied" });
  },
);

test.prop([arrivals, mutations])(
  "applyToRecord() answers superseded only to what changes nothing, applied to what is in effect",
  (list, last) => {
    const record = recordOf(list);
    const before = shown(record);
    const { kind } = applyToRecord(record, last);
    if (kind === "superseded") expect(shown(record)).toEqual(before);
    if (kind === "applied" && last.kind === "put") {
      expect(record.rows.get(last.row.key)?.version).toEqual(last.row.version);
    }
  },
);

const RETENTION = 300;

test.prop([arrivals, fc.integer({ min: 0, max: 3_000 })])(
  "sweepRecord() changes nothing that a reader sees then or later",
  (list, now) => {
    const record = recordOf(list);
    const reference = recordOf(list);
    const { examined, removed, empty } = sweepRecord(record, now, RETENTION);
    for (const later of [now, now + 1, now + 10_000]) {
      expect(shown(record, later)).toEqual(shown(reference, later));
    }
    expect(removed).toBeLessThanOrEqual(examined);
    if (empty) expect([shown(record, 0), record.tombstones.length]).toEqual([[], 0]);
  },
);

test.prop([arrivals, fc.array(mutations, { maxLength: 5 }), fc.integer({ min: 0, max: 5 })])(
  "sweepRecord() within the retention forgets nothing that a late write must meet",
  (list, late, early) => {
    // A write is admitted while its time is above now − retention; the oldest here is of 1,000.
    const now = 1_000 + RETENTION - 1 - early;
    const record = recordOf(list);
    sweepRecord(record, now, RETENTION);
    for (const mutation of late) applyToRecord(record, mutation);
    expect(shown(record, now)).toEqual(shown(recordOf([...list, ...late]), now));
  },
);

test("sweepRecord() long after leaves nothing of an expired or deleted record", () => {
  const nonce = new Uint8Array(16);
  const put = (time: number, expiry: number): Mutation => {
    const version = putVersion({ generationTime: time, nonce }, expiry);
    return { kind: "put", row: { key: utf8(`k${time}`), value: nonce, metadata: nonce, version } };
  };
  const version = { time: 20, rank: 2, expiry: 0, nonce } as const;
  const list: readonly Mutation[] = [
    put(5, 50),
    put(6, 0),
    { kind: "delete_key", key: utf8("x"), version, removeAt: 900 },
    { kind: "delete_range", range: { start: utf8("k6") }, version },
  ];
  const record = recordOf(list);
  expect(sweepRecord(record, 319, RETENTION)).toEqual({ examined: 3, removed: 1, empty: false });
  expect(record.tombstones.length).toBe(1);
  expect(sweepRecord(record, 320, RETENTION)).toEqual({ examined: 2, removed: 0, empty: false });
  expect(record.tombstones.length).toBe(0);
  expect(sweepRecord(record, 349, RETENTION)).toEqual({ examined: 2, removed: 0, empty: false });
  expect(record.tombstones.length).toBe(0);
  expect(sweepRecord(record, 350, RETENTION)).toEqual({ examined: 2, removed: 1, empty: false });
  expect(sweepRecord(record, 899, RETENTION)).toEqual({ examined: 1, removed: 0, empty: false });
  expect(sweepRecord(record, 900, RETENTION)).toEqual({ examined: 1, removed: 1, empty: true });
});

function shuffled<T>(list: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
}

function recordOf(list: readonly Mutation[]): MemoryRecord {
  const record = emptyRecord();
  for (const mutation of list) applyToRecord(record, mutation);
  return record;
}

/** All that a reader sees at an instant, as text. */
function shown(record: MemoryRecord, now: number = READ_AT): readonly string[] {
  const read = { table: "t", id: "r", range: ALL_KEYS, reverse: false } as const;
  const all = { ...read, rowLimit: 9_999, byteLimit: 1e9, projection: "rows" } as const;
  return readRangeOf(record, all, now).rows.map(told);
}

function told(row: Row): string {
  const { time, rank, expiry, nonce } = row.version;
  const version = `${time}.${rank}.${expiry}.${toHex(nonce)}`;
  return `${toHex(row.key)}=${toHex(row.value)}/${toHex(row.metadata)}@${version}`;
}

/** The definition: of each key's writes the highest, if it is a live put that no deletion reaches. */
function defined(list: readonly Mutation[], now: number = READ_AT): readonly string[] {
  const puts = list.flatMap((mutation) => (mutation.kind === "put" ? [mutation.row] : []));
  return puts
    .filter((row) => puts.every((other) => !beats(other, row)))
    .filter((row) => !list.some((mutation) => hides(mutation, row)))
    .filter(({ version }) => version.expiry === 0 || version.expiry > now)
    .toSorted((a, b) => compareBytes(a.key, b.key))
    .map(told)
    .filter((text, i, all) => text !== all[i - 1]);
}

function beats(other: Row, row: Row): boolean {
  return compareBytes(other.key, row.key) === 0 && compareVersions(other.version, row.version) > 0;
}

function hides(mutation: Mutation, row: Row): boolean {
  if (mutation.kind === "put" || compareVersions(mutation.version, row.version) < 0) return false;
  if (mutation.kind === "delete_record") return true;
  if (mutation.kind === "delete_range") return inRange(mutation.range, row.key);
  return compareBytes(mutation.key, row.key) === 0;
}
