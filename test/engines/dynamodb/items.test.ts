/** Items: they come back as written, and carry the time of removal only where nothing is lost by it. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  rangeControl,
  recordControl,
  tombstoneOfControl,
} from "../../../src/engines/dynamodb/controls.ts";
import { decodeCursor, encodeCursor } from "../../../src/engines/dynamodb/cursor.ts";
import { dynamodbCapabilities } from "../../../src/engines/dynamodb/capabilities.ts";
import { knownControls } from "../../../src/engines/dynamodb/known-controls.ts";
import { rangeQuery } from "../../../src/engines/dynamodb/read.ts";
import {
  liveRow,
  markerItem,
  removableFrom,
  rowItem,
  storedRow,
} from "../../../src/engines/dynamodb/rows.ts";
import { outcomeOf } from "../../../src/engines/dynamodb/write.ts";
import { compareBytes, EMPTY_BYTES, fromHex, toHex } from "../../../src/model/bytes.ts";
import { DAY, HOUR, SECOND } from "../../../src/model/time.ts";
import { encodeVersion, type Version } from "../../../src/model/version.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import { bytes, del, put } from "../port-stage.ts";

const NOW = 1_800_000_000 * SECOND;
const OFF = { nativeTtl: false, retention: undefined };

const version: fc.Arbitrary<Version> = fc.record({
  time: fc.maxSafeNat(),
  expiry: fc.maxSafeNat(),
  nonce: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rank: fc.constantFrom(0, 1),
});
const some = fc.uint8Array({ maxLength: 40 });
const bound = fc.option(some, { nil: undefined });

describe("rows as items", () => {
  test.prop([version, some, some, some])("come back", (version, key, value, metadata) => {
    const row = { key, value, metadata, version };
    expect(storedRow(rowItem("r", row, OFF))).toEqual({ ...row, removeAt: 0 });
  });

  test("are copied out of what the SDK hands over", () => {
    const row = { key: bytes("k"), value: bytes("v"), metadata: bytes("m"), version: put(NOW) };
    const item = rowItem("r", row, OFF);
    const read = liveRow(item, [], NOW);
    for (const attribute of Object.values(item)) attribute.B?.fill(9);
    expect(read).toEqual({
      key: bytes("k"),
      value: bytes("v"),
      metadata: bytes("m"),
      version: put(NOW),
    });
  });

  test("without a version are DATA_LOSS", () => {
    const item = rowItem(
      "r",
      { key: EMPTY_BYTES, value: EMPTY_BYTES, metadata: EMPTY_BYTES, version: put(1) },
      OFF,
    );
    for (const broken of [
      { ...item, ver: { B: fromHex("00") } },
      { pk: item["pk"]!, sk: item["sk"]! },
    ]) {
      expect(() => storedRow(broken)).toThrow(
        expect.objectContaining({ code: "DATA_LOSS" }) as Error,
      );
    }
  });

  test.each([
    ["off", { nativeTtl: false, retention: DAY }, undefined],
    [
      "of a table whose retention is not known here",
      { nativeTtl: true, retention: undefined },
      undefined,
    ],
    ["after the expiry", { nativeTtl: true, retention: 0 }, 1_800_003_600],
    ["after the retention, if that is later", { nativeTtl: true, retention: DAY }, 1_800_086_400],
  ])("expiry by DynamoDB: %s", (_name, settings, second) => {
    const row = { key: EMPTY_BYTES, value: EMPTY_BYTES, metadata: EMPTY_BYTES };
    const expiring = { ...row, version: put(NOW, 1, NOW + HOUR) };
    expect(rowItem("r", expiring, settings)["x"]?.N).toBe(second?.toString());
    expect(rowItem("r", { ...row, version: put(NOW) }, settings)["x"]).toBeUndefined();
  });

  test("a marker may go from its time on, rounded up, and never a control item", () => {
    const settings = { nativeTtl: true, retention: undefined };
    const marker = markerItem("r", EMPTY_BYTES, del(NOW), NOW + 1, settings);
    expect(marker["x"]?.N).toBe("1800000001");
    expect(storedRow(marker)).toMatchObject({ version: del(NOW), removeAt: NOW + 1 });
    expect(liveRow(marker, [], NOW)).toBeUndefined();
    expect(rangeControl("r", {}, del(NOW))["x"]).toBeUndefined();
    expect(recordControl("r", del(NOW))["x"]).toBeUndefined();
  });

  test("removableFrom() keeps what still hides older writes", () => {
    const row = { key: EMPTY_BYTES, value: EMPTY_BYTES, metadata: EMPTY_BYTES, removeAt: 0 };
    expect(removableFrom({ ...row, version: put(NOW) }, DAY)).toBe(Infinity);
    expect(removableFrom({ ...row, version: put(NOW, 1, NOW + HOUR) }, DAY)).toBe(NOW + DAY);
    expect(removableFrom({ ...row, version: put(NOW, 1, NOW + 9 * DAY) }, DAY)).toBe(NOW + 9 * DAY);
    expect(removableFrom({ ...row, version: del(NOW), removeAt: NOW + HOUR }, DAY)).toBe(NOW + DAY);
    expect(removableFrom({ ...row, version: del(NOW), removeAt: NOW + 2 * DAY }, DAY)).toBe(
      NOW + 2 * DAY,
    );
  });
});

describe("control items", () => {
  test.prop([bound, bound])("come back, and sort before every row", (start, end) => {
    const control = rangeControl("r", { start, end }, del(NOW));
    expect(tombstoneOfControl(control)).toEqual({ range: { start, end }, version: del(NOW) });
    expect(compareBytes(control["sk"]!.B!, Uint8Array.of(1))).toBeLessThan(0);
  });

  test("of one version differ by their ranges, and repeats land on one item", () => {
    const ranges = [
      {},
      { start: EMPTY_BYTES },
      { end: bytes("a") },
      { start: bytes("a") },
      { start: bytes("a"), end: bytes("b") },
      { start: bytes("ab") },
      { start: bytes("a"), end: bytes("bb") },
    ];
    const sortKeys = ranges.map((range) => toHex(rangeControl("r", range, del(NOW))["sk"]!.B!));
    expect(new Set(sortKeys).size).toBe(ranges.length);
    const again = rangeControl("r", { start: bytes("a") }, del(NOW));
    expect(toHex(again["sk"]!.B!)).toBe(sortKeys[3]);
  });

  test("knownControls() finds those that another one makes needless", () => {
    const wide = rangeControl("r", { start: bytes("a") }, del(NOW + 1));
    const narrow = rangeControl("r", { start: bytes("b"), end: bytes("c") }, del(NOW));
    const later = rangeControl("r", { start: bytes("b"), end: bytes("c") }, del(NOW + 2));
    const known = knownControls([narrow]);
    expect(known.add(narrow)).toEqual([]);
    expect(known.add(wide).map(({ version }) => version.time)).toEqual([NOW]);
    expect(known.add(later)).toEqual([]);
    expect(known.add(narrow).map(({ version }) => version.time)).toEqual([NOW]);
    expect(known.cover({ key: bytes("b"), version: put(NOW + 2) })).toBe(true);
    expect(known.cover({ key: bytes("d"), version: put(NOW + 2) })).toBe(false);
    expect(known.cover({ key: bytes("d"), version: put(NOW + 1) })).toBe(true);
  });
});

describe("rangeQuery()", () => {
  const read = { table: "t", id: "r", rowLimit: 5, byteLimit: 1, projection: "keys" } as const;
  const call = { deadline: 0, signal: neverAborted, consistency: "eventual", now: 0 } as const;

  test("backwards it begins behind the end, which BETWEEN would take in", () => {
    const range = { start: EMPTY_BYTES, end: bytes("b") };
    const query = rangeQuery("t", { ...read, range, reverse: true }, call);
    expect(query.KeyConditionExpression).toBe("pk = :id AND sk BETWEEN :first AND :last");
    expect(query.ExclusiveStartKey?.["sk"]?.B).toEqual(fromHex("0162"));
    expect(query.ConsistentRead).toBe(false);
    const forward = rangeQuery("t", { ...read, range, reverse: false }, call);
    expect(forward.ExclusiveStartKey).toBeUndefined();
  });

  test("an open range has all rows and no control item", () => {
    const query = rangeQuery("t", { ...read, range: {}, reverse: true }, call);
    expect(query.KeyConditionExpression).toBe("pk = :id AND sk >= :first");
    expect(query.ExpressionAttributeValues?.[":first"]?.B).toEqual(fromHex("01"));
  });
});

describe("outcomeOf()", () => {
  const mine = encodeVersion(put(NOW));
  test.each([
    ["stored", { kind: "done" }, "accepted"],
    [
      "refused by a higher version",
      { kind: "refused", item: { ver: { B: encodeVersion(put(NOW + 1)) } } },
      "superseded",
    ],
    ["refused by itself: a repeat", { kind: "refused", item: { ver: { B: mine } } }, "accepted"],
    ["refused without a word", { kind: "refused", item: undefined }, "accepted"],
  ] as const)("%s", (_name, answer, kind) => {
    expect(outcomeOf(answer, mine).kind).toBe(kind);
  });
});

describe("encodeCursor() and decodeCursor()", () => {
  const position = fc.record({ id: fc.string({ minLength: 1, unit: "grapheme" }), sortKey: some });
  test.prop([position, some])("give the standing back", (item, cleared) => {
    const after = { kind: "after", item } as const;
    expect(decodeCursor(encodeCursor(after))).toEqual(after);
    const clearing = { kind: "clearing", control: item, cleared } as const;
    expect(decodeCursor(encodeCursor(clearing))).toEqual(clearing);
  });

  test.each(["", "00", "000001", "02000161000162", "010001610000", "000001ff0000"])(
    "refuse %j",
    (text) => {
      expect(() => decodeCursor(fromHex(text))).toThrow(
        expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
      );
    },
  );
});

test("dynamodbCapabilities(): the largest row fits into 400 KiB with everything", () => {
  const { inlineBytesMax } = dynamodbCapabilities(true);
  const names = "pkskvervmex".length;
  const most = inlineBytesMax + 64 * 1024 + 1024 + 1001 + 33 + 2 * 21 + names;
  expect(most).toBeLessThan(400 * 1024);
});
