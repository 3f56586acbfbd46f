// Goal: following tokens to the end gives every matching item exactly once, in order, in pages within their bounds
// (PAGE-1, PAGE-2, PAGE-4, PAGE-5, GET-1 to GET-5).
// Method: any rows, any engine manners and any selection, against a filter over the list.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { compareBytes, EMPTY_BYTES, toHex } from "../../src/model/bytes.ts";
import { type Item, itemBytes } from "../../src/model/item.ts";
import { matchAll, type Predicate } from "../../src/model/predicate.ts";
import { inRange } from "../../src/model/range.ts";
import type { GetItemsRequest, GetItemsResponse } from "../../src/model/request.ts";
import type { Selection } from "../../src/model/selection.ts";
import { closeKeys, closeRanges } from "../model/arbitraries.ts";
import { type ListedRow, listedRowsEngine, type Manner } from "./listed-rows-engine.ts";
import { serviceStage } from "./service-stage.ts";

const rows: fc.Arbitrary<readonly ListedRow[]> = fc.uniqueArray(
  fc.record({
    key: closeKeys,
    value: fc.integer({ min: 0, max: 60 }).map((length) => new Uint8Array(length).fill(length)),
    state: fc.constantFrom("live" as const, "live" as const, "expired" as const, "hidden" as const),
  }),
  { maxLength: 50, selector: ({ key }) => toHex(key) },
);

const predicates: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constant(matchAll),
  closeRanges.map((range): Predicate => ({ kind: "match_range", range })),
  fc.array(closeKeys, { maxLength: 40 }).map((keys): Predicate => ({ kind: "match_keys", keys })),
);

const selections: fc.Arbitrary<Selection> = fc.record(
  {
    pageSizeBytes: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constant(100_000)),
    itemLimit: fc.integer({ min: 1, max: 30 }),
    include: fc.constantFrom("items" as const, "keys" as const),
    excludeValuesAboveBytes: fc.integer({ min: 0, max: 60 }),
    reverse: fc.boolean(),
  },
  { requiredKeys: ["pageSizeBytes"] },
);

const manners: fc.Arbitrary<Manner> = fc.record({
  strides: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
  countsHidden: fc.boolean(),
  keysPerReadMax: fc.integer({ min: 1, max: 10 }),
});

const namespaces = fc.record({
  descending: fc.boolean(),
  rowsPerCallMax: fc.integer({ min: 1, max: 20 }),
});

test.prop([rows, predicates, selections, manners, namespaces], { numRuns: 600 })(
  "getItems() over all pages is every matching live item once, in order",
  async (list, predicate, selection, manner, options) => {
    const engine = listedRowsEngine(list, manner);
    const { handle, call } = serviceStage(engine, options);
    const request = {
      kind: "get_items",
      namespace: "users",
      capabilities: PLAIN_CLIENT,
      id: "r",
      predicate,
      selection,
    } as const;
    const seen: Item[] = [];
    let pageToken: Uint8Array | undefined;
    let pages = 0;
    do {
      const before = engine.calls.length;
      const page: GetItemsResponse = await handle({ ...request, pageToken }, call());
      expectWithinBounds(page, selection, engine.calls.length - before, options.rowsPerCallMax);
      seen.push(...page.items);
      pageToken = page.nextPageToken;
      pages += 1;
      // Every page but the last passes at least one row or key.
      expect(pages).toBeLessThanOrEqual(list.length + 41);
    } while (pageToken !== undefined);
    const reverse = (selection.reverse ?? false) !== options.descending;
    expect(seen.map(told)).toEqual(expected(list, predicate, selection, reverse));
    expectReadsInBounds(engine.calls, options.rowsPerCallMax, manner.keysPerReadMax);
  },
);

test.prop([rows, predicates, selections, manners], { numRuns: 100 })(
  "getItems() goes on from a token under any other page size, at any other server",
  async (list, predicate, selection, manner) => {
    const request: GetItemsRequest = {
      kind: "get_items",
      namespace: "users",
      capabilities: PLAIN_CLIENT,
      id: "r",
      predicate,
      selection,
    };
    const seen: Item[] = [];
    let pageToken: Uint8Array | undefined;
    let pageSizeBytes = 1;
    do {
      const { handle, call } = serviceStage(listedRowsEngine(list, manner));
      const changed = { ...request, selection: { ...selection, pageSizeBytes }, pageToken };
      const page: GetItemsResponse = await handle(changed, call());
      seen.push(...page.items);
      pageToken = page.nextPageToken;
      pageSizeBytes = (pageSizeBytes * 7 + 3) % 200 || 1;
    } while (pageToken !== undefined);
    const wanted = expected(list, predicate, selection, selection.reverse ?? false);
    expect(seen.map(told)).toEqual(wanted);
  },
);

function expectWithinBounds(
  page: GetItemsResponse,
  selection: Selection,
  reads: number,
  rowsPerCallMax: number,
): void {
  const bytes = page.items.reduce((sum, item) => sum + itemBytes(item), 0);
  if (page.items.length > 1) expect(bytes).toBeLessThanOrEqual(selection.pageSizeBytes ?? 0);
  expect(page.items.length).toBeLessThanOrEqual(rowsPerCallMax);
  expect(reads).toBeLessThanOrEqual(rowsPerCallMax);
}

function expectReadsInBounds(
  calls: ReturnType<typeof listedRowsEngine>["calls"],
  rowsPerCallMax: number,
  keysPerReadMax: number,
): void {
  for (const call of calls) {
    if (call.verb === "readRange") {
      expect(call.read.rowLimit).toBeGreaterThanOrEqual(1);
      expect(call.read.rowLimit).toBeLessThanOrEqual(rowsPerCallMax);
      expect(call.read.byteLimit).toBeGreaterThanOrEqual(1);
    }
    if (call.verb === "readKeys") {
      const { keys } = call.read;
      expect(keys.length).toBeGreaterThanOrEqual(1);
      expect(keys.length).toBeLessThanOrEqual(Math.min(keysPerReadMax, rowsPerCallMax));
      for (let i = 1; i < keys.length; i += 1) {
        expect(compareBytes(keys[i - 1] ?? EMPTY_BYTES, keys[i] ?? EMPTY_BYTES)).toBeLessThan(0);
      }
    }
  }
}

function expected(
  list: readonly ListedRow[],
  predicate: Predicate,
  selection: Selection,
  reverse: boolean,
): readonly string[] {
  const found = list
    .filter(({ state }) => state === "live")
    .filter(({ key }) => matches(predicate, key))
    .toSorted((a, b) => compareBytes(a.key, b.key) * (reverse ? -1 : 1));
  return found.slice(0, selection.itemLimit ?? found.length).map((row) => wantedOf(row, selection));
}

function matches(predicate: Predicate, key: Uint8Array): boolean {
  if (predicate.kind === "match_all") return true;
  if (predicate.kind === "match_range") return inRange(predicate.range, key);
  return predicate.keys.some((wanted) => compareBytes(wanted, key) === 0);
}

function wantedOf(row: ListedRow, selection: Selection): string {
  const { include, excludeValuesAboveBytes: most = 1_000 } = selection;
  if (include === "keys") return `${toHex(row.key)} omitted`;
  if (row.value.length > most) return `${toHex(row.key)} omitted`;
  return `${toHex(row.key)}=${toHex(row.value)}`;
}

function told(item: Item): string {
  if (!item.valueOmitted) return `${toHex(item.key)}=${toHex(item.value)}`;
  expect(item.value.length).toBe(0);
  return `${toHex(item.key)} omitted`;
}
