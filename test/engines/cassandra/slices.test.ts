// Goal: slices advance and cover everything; a page gets past more tombstones than the server scans at a time.
import { fc, test } from "@fast-check/vitest";
import type { types } from "cassandra-driver";
import { describe, expect } from "vitest";
import { rowCells } from "../../../src/engines/cassandra/cells.ts";
import { readRange } from "../../../src/engines/cassandra/read.ts";
import type { Session } from "../../../src/engines/cassandra/session.ts";
import {
  keyAfter,
  keyBefore,
  narrowed,
  widened,
  widthsBeside,
} from "../../../src/engines/cassandra/slices.ts";
import type { Statement } from "../../../src/engines/cassandra/statements.ts";
import { compareBytes, EMPTY_BYTES, fromUtf8, utf8 } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import { rangeAfter } from "../../../src/model/range.ts";
import { SECOND } from "../../../src/model/time.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import { rejectionOf } from "../../fakes/error-of.ts";
import { closeKeys } from "../../model/arbitraries.ts";

const bitsOf = fc.integer({ min: 1, max: 80 });

test.prop([closeKeys, bitsOf])(
  "keyAfter() is after, in as many bytes as the bits take",
  (key, bits) => {
    const next = keyAfter(key, bits);
    if (next === undefined) return;
    expect(compareBytes(next, key)).toBeGreaterThan(0);
    expect(next.length).toBe(Math.ceil(bits / 8));
  },
);

test.prop([fc.option(closeKeys, { nil: undefined }), bitsOf])(
  "keyBefore() is before, but for the empty key",
  (key, bits) => {
    const before = keyBefore(key, bits);
    if (key === undefined) expect(before.length).toBe(Math.ceil(bits / 8));
    else if (key.length > 0) expect(compareBytes(before, key)).toBeLessThan(0);
    else expect(before).toEqual(EMPTY_BYTES);
  },
);

test.each([
  ["6b", 8, "6c"],
  ["6b", 4, "70"],
  ["6b7f", 12, "6b80"],
  ["6bff", 16, "6c00"],
  ["6b30ff", 12, "6b40"],
  ["", 8, "01"],
  ["ff", 8, undefined],
])("keyAfter() of %s by 2^-%d is %s", (key, bits, wanted) => {
  const next = keyAfter(Buffer.from(key, "hex"), bits);
  expect(next && Buffer.from(next).toString("hex")).toBe(wanted);
});

test.each([
  [undefined, 8, "ff"],
  [undefined, 1, "80"],
  ["6c", 8, "6b"],
  ["6c00", 16, "6bff"],
  ["01", 4, ""],
])("keyBefore() of %s by 2^-%d is %s", (key, bits, wanted) => {
  const before = keyBefore(key === undefined ? undefined : Buffer.from(key, "hex"), bits);
  expect(Buffer.from(before).toString("hex")).toBe(wanted);
});

test("widths grow faster and faster, come back half way, and hold still once after a failure", () => {
  const grown = widened(widened(widened(widthsBeside(new Uint8Array(10)))));
  expect(grown.bits).toBe(80 - 1 - 2 - 4);
  const back = narrowed(grown);
  expect(back?.bits).toBe((73 + 77) / 2);
  expect(widened(back!).bits).toBe(75);
  expect(widened(widened(back!)).bits).toBe(74);
  expect(narrowed({ bits: 8 * 1001, fine: undefined, stride: 0, misses: 0 })).toBeUndefined();
});

/** A server that scans so many tombstones a query; keys of the record are dead but for those that are live. */
function server(
  keys: readonly string[],
  live: ReadonlySet<string>,
  scanMax: number,
): { readonly session: Session; readonly queries: () => number } {
  const sorted = keys
    .map((key) => ({ key, bytes: utf8(key) }))
    .toSorted((a, b) => compareBytes(a.bytes, b.bytes));
  const version = { time: 1, rank: 0, expiry: 0, nonce: new Uint8Array(16) } as const;
  const cells = rowCells(version, EMPTY_BYTES, EMPTY_BYTES);
  let queries = 0;
  const select = async ({ query, params }: Statement): Promise<types.Row[]> => {
    queries += 1;
    const bounds = params.slice(1, -1) as Buffer[];
    const start = query.includes("key >= ?") ? bounds.shift() : undefined;
    const end = query.includes("key < ?") ? bounds.shift() : undefined;
    const inside = sorted.filter(
      ({ bytes }) =>
        (start === undefined || compareBytes(bytes, start) >= 0) &&
        (end === undefined || compareBytes(bytes, end) < 0),
    );
    if (query.includes("DESC")) inside.reverse();
    const rows: unknown[] = [];
    let tombstones = 0;
    for (const { key } of inside) {
      if (rows.length === params.at(-1)) break;
      if (live.has(key)) {
        rows.push({ key: Buffer.from(key), value: cells.value, value_metadata: cells.metadata });
      } else if ((tombstones += 1) > scanMax) {
        const cause = Object.assign(new Error("Server failure"), {
          name: "ResponseError",
          code: 0x1300,
        });
        throw new KvError("INTERNAL", "too many tombstones", { cause });
      }
    }
    return rows as types.Row[];
  };
  const session = { select, timeLeft: () => SECOND } as unknown as Session;
  return { session, queries: () => queries };
}

const NAME = { keyspace: "ks", table: "t" };
const CALL = { deadline: 1, signal: neverAborted, consistency: "quorum", now: 5 } as const;

/** All live keys of the record, page by page, and how many pages and queries it took. */
async function traverse(
  { session, queries }: ReturnType<typeof server>,
  reverse: boolean,
): Promise<{ keys: string[]; pages: number; queries: number }> {
  const found: string[] = [];
  let range = {};
  for (let pages = 1; ; pages += 1) {
    const read = {
      table: "t",
      id: "r",
      range,
      reverse,
      rowLimit: 10,
      byteLimit: 1,
      projection: "rows",
    } as const;
    const { rows, resumeAfter } = await readRange(session, NAME, read, CALL);
    found.push(...rows.map(({ key }) => fromUtf8(key)));
    if (resumeAfter === undefined) return { keys: found, pages, queries: queries() };
    expect(pages).toBeLessThan(2_000);
    range = rangeAfter({}, resumeAfter, reverse);
  }
}

const numbered = (count: number, prefix = "k"): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(6, "0")}`);

describe("a page past more tombstones than one query scans", () => {
  test.each([
    ["in front of a live item", [...numbered(1_500), "z"], ["z"]],
    ["between two", ["a", ...numbered(1_500), "z"], ["a", "z"]],
    ["around some", numbered(1_500), ["k000300", "k000301", "k001200"]],
    ["and nothing else", numbered(1_500), []],
    ["under counters that begin with zeros", numbered(1_500, "\0".repeat(13)), []],
    ["under a long common beginning", numbered(1_500, `${"tenant/".repeat(2)}k`), []],
  ])("%s", async (_name, keys, live) => {
    for (const reverse of [false, true]) {
      const found = await traverse(server(keys, new Set(live), 100), reverse);
      expect(found.keys).toEqual(reverse ? live.toReversed() : live);
      // A query passes a hundred at most, fifteen are the least; finding the widths takes some for each bit of a key.
      expect(found.queries).toBeLessThan(20 * 15 + 4 * 8 * (keys[0]?.length ?? 0));
      expect(found.pages).toBeLessThan(30);
    }
  });

  test.prop([
    fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 60 }),
    fc.func(fc.boolean()),
    fc.integer({ min: 3, max: 9 }),
    fc.boolean(),
  ])("whatever the keys", async (keys, isLive, scanMax, reverse) => {
    const wellFormed = keys.filter((key) => key.isWellFormed());
    const live = wellFormed.filter((key) => isLive(key));
    const sorted = live.toSorted((a, b) => compareBytes(utf8(a), utf8(b)));
    const found = await traverse(server(wellFormed, new Set(live), scanMax), reverse);
    expect(found.keys).toEqual(reverse ? sorted.toReversed() : sorted);
  });

  test("a server that fails whatever it is asked is reported as it failed, soon", async () => {
    const broken = server(numbered(10), new Set(), -1);
    const read = {
      table: "t",
      id: "r",
      range: {},
      reverse: false,
      rowLimit: 10,
      byteLimit: 1,
      projection: "rows",
    } as const;
    const always: Session = {
      ...broken.session,
      select: (statement, rows, call) =>
        broken.session.select({ ...statement, query: "", params: ["r", 10] }, rows, call),
    };
    expect((await rejectionOf(readRange(always, NAME, read, CALL)))?.code).toBe("INTERNAL");
    expect(broken.queries()).toBeLessThan(15);
  });
});
