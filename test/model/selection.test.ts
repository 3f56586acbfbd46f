// Goal: a selection is complete after its defaults, and every field out of bounds is named.
import { test } from "@fast-check/vitest";
import { expect } from "vitest";
import {
  PAGE_SIZE_BYTES_DEFAULT,
  PAGE_SIZE_BYTES_MAX,
  resolveSelection,
  type Selection,
  selectionFlaw,
} from "../../src/model/selection.ts";

test("resolveSelection() fills in every field, and its defaults have no flaw", () => {
  const resolved = resolveSelection();
  expect(resolved).toEqual({
    pageSizeBytes: PAGE_SIZE_BYTES_DEFAULT,
    itemLimit: Number.MAX_SAFE_INTEGER,
    include: "items",
    excludeValuesAboveBytes: Number.MAX_SAFE_INTEGER,
    reverse: false,
  });
  expect(resolveSelection({})).toEqual(resolved);
  expect(selectionFlaw(resolved)).toBeUndefined();
});

test("resolveSelection() keeps what was asked for, zeros and all", () => {
  const asked = {
    pageSizeBytes: 1,
    itemLimit: 1,
    include: "keys",
    excludeValuesAboveBytes: 0,
    reverse: true,
  } as const;
  expect(resolveSelection(asked)).toEqual(asked);
  expect(selectionFlaw(resolveSelection(asked))).toBeUndefined();
});

const flaws: readonly (readonly [Selection, string])[] = [
  [{ pageSizeBytes: 0 }, "pageSizeBytes is 0"],
  [{ pageSizeBytes: PAGE_SIZE_BYTES_MAX + 1 }, "pageSizeBytes is 8388609"],
  [{ pageSizeBytes: 1.5 }, "pageSizeBytes is 1.5"],
  [{ pageSizeBytes: Number.NaN }, "pageSizeBytes is NaN"],
  [{ itemLimit: 0 }, "itemLimit is 0"],
  [{ itemLimit: -1 }, "itemLimit is -1"],
  [{ itemLimit: Number.POSITIVE_INFINITY }, "itemLimit is Infinity"],
  [{ excludeValuesAboveBytes: -1 }, "excludeValuesAboveBytes is -1"],
  [{ excludeValuesAboveBytes: 0.1 }, "excludeValuesAboveBytes is 0.1"],
  // From callers without types, and from a wire: an unknown word must not become empty values.
  [{ include: "metadata" as "keys" }, "include is metadata"],
];

test.each(flaws)("selectionFlaw() of %j names the field and what was found", (selection, flaw) => {
  expect(selectionFlaw(resolveSelection(selection))).toContain(flaw);
});

test("selectionFlaw() allows the largest page", () => {
  expect(selectionFlaw(resolveSelection({ pageSizeBytes: PAGE_SIZE_BYTES_MAX }))).toBeUndefined();
});
