/** Planted bugs in traversals: what a page takes in, where the next one begins, what is asked for. */
import type { Mutant } from "./mutant.ts";

/** What is between rows and pages. */
export const PAGES: readonly Mutant[] = [
  {
    name: "page-filled-past-its-budget",
    family: "pagination",
    rule: "PAGE-1",
    file: "src/policy/fill-page.ts",
    find: "facts.bytes + itemBytes <= budget",
    replace: "facts.bytes <= budget",
  },
  {
    name: "inclusive-page-token",
    family: "pagination",
    rule: "ERR-3",
    file: "src/model/range.ts",
    find: "start: successor(key), end",
    replace: "start: key, end",
  },
  {
    name: "cursor-skips-prefix-keys",
    family: "pagination",
    rule: "PAGE-2",
    file: "src/model/range.ts",
    find: "start: successor(key), end",
    replace:
      "start: key.length > 0 && key[key.length - 1] < 255 ? Uint8Array.from(key, " +
      "(byte, i) => (i === key.length - 1 ? byte + 1 : byte)) : successor(key), end",
  },
  {
    name: "range-with-its-end",
    family: "predicates",
    rule: "GET-1",
    file: "src/service/get-items.ts",
    find: "return rangeSource(predicate.range, parts);",
    replace:
      "return rangeSource({ ...predicate.range, end: predicate.range.end && " +
      "Uint8Array.of(...predicate.range.end, 0) }, parts);",
  },
  {
    name: "item-limit-a-page",
    family: "pagination",
    rule: "GET-4",
    file: "src/service/get-items.ts",
    find: "return openPageToken(request.pageToken, traversal, parts.mac);",
    replace:
      "return { ...openPageToken(request.pageToken, traversal, parts.mac), " +
      "itemsLeft: selection.itemLimit };",
  },
  {
    name: "token-sealed-for-one-direction",
    family: "pagination",
    rule: "PAGE-3",
    file: "src/service/get-items.ts",
    find: "sealPageToken(page.next, traversal, parts.mac)",
    replace: "sealPageToken(page.next, { ...traversal, reverse: false }, parts.mac)",
  },
  {
    name: "empty-page-not-foreseen",
    family: "faults",
    rule: "ERR-3",
    file: "src/service/page-source.ts",
    find: "page.rows.at(-1)?.key",
    replace: "page.rows.at(-1).key",
  },
];
