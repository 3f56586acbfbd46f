/** What exact calls and costs say of a wrong answer: which number, what came, and what was wanted. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "kvdal";
import { expect, test } from "vitest";
import { COSTS } from "../../sim/costs/index.ts";
import { CALLS } from "../../sim/exact/ask-exactly.ts";
import { difference, differences, tableDifference } from "../../sim/exact/difference.ts";
import { firstExactFlaw } from "../../sim/exact/exact-flaw.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";

test.each([
  [["a", undefined], ["a", null], undefined],
  [1, 2, "1 came, wanted 2"],
  [undefined, true, "nothing came, wanted yes"],
  [[], ["put", "get"], "none came, wanted put, get"],
  [[[1, 2], []], [[1, 2]], "(1, 2) () came, wanted (1, 2)"],
  [utf8("abc"), utf8("abd"), '"abc" came, wanted "abd"'],
  [Uint8Array.of(0, 255), Uint8Array.of(0), "the bytes 00ff came, wanted the bytes 00"],
  [{ a: 1, b: undefined }, { a: 2 }, "{a: 1} came, wanted {a: 2}"],
])("of %j, wanted %j, it is said: %s", (found, wanted, said) => {
  expect(difference(found, wanted)).toBe(said);
});

test("values that read alike are told to the last byte", () => {
  const long = new Uint8Array(50);
  expect(difference(long, long.with(49, 1))).toContain("0001");
  expect(difference("1", 1)).toBe('"1" came, wanted 1');
});

test("of several answers those that differ are told, by name", () => {
  const told = differences([
    ["reads of the primary by the second read", 1, 0],
    ["hits", 1, 1],
    ["fills", 0, 1],
  ]);
  expect(told).toBe("reads of the primary by the second read: 1, wanted 0; fills: 0, wanted 1");
  expect(differences([["hits", 1, 1]])).toBeUndefined();
});

test("of a table the cells that differ are told by row and column, and a row too many is seen", () => {
  const names = { rows: ["first round", "second round"], columns: ["doomed", "collected"] };
  const wanted = [
    [0, 0],
    [1, 2],
  ];
  expect(tableDifference(names, wanted, wanted)).toBeUndefined();
  expect(
    tableDifference(
      names,
      [
        [0, 0],
        [3, 2],
      ],
      wanted,
    ),
  ).toBe("second round, doomed: 3, wanted 1");
  expect(tableDifference(names, [[0, 0]], wanted)).toBe(
    "second round, doomed: nothing, wanted 1; collected: nothing, wanted 2",
  );
  expect(tableDifference(names, [...wanted, [9, 9]], wanted)).toContain("(9, 9) came, wanted");
});

test("a flaw says in which file its check stands, and every check stands in one that is there", async () => {
  const checks = [...CALLS, ...COSTS];
  const files = new Set(checks.map(({ file }) => file));
  expect([...files].filter((file) => !existsSync(join(PROJECT_ROOT, file)))).toEqual([]);
  for (const check of checks) {
    const flaw = await firstExactFlaw([check], () => Promise.resolve("1, wanted 2"), 400);
    const { rule, says, file } = check;
    expect(flaw).toEqual({ rule, what: `${says}: 1, wanted 2`.slice(0, 400), check: file });
  }
});
