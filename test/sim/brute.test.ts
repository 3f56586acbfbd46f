/**
 * The oracles held against a checker that tries every possible world. Method: small histories out of a reference model,
 * every second one damaged; both must agree on each. More of them: `kvdal oracles`, or KVDAL_HISTORIES.
 */
import { expect, test } from "vitest";
import { compareOracles } from "../../sim/check/brute/compare.ts";
import { explain } from "../../sim/check/brute/worlds.ts";
import { judge, ORACLES } from "../../sim/check/index.ts";
import { history, item, nonce, put, read, remove } from "./histories.ts";

const HISTORIES = Number(process.env["KVDAL_HISTORIES"] ?? 10_000);

test("oracles and checker agree on small histories, sound and damaged", () => {
  const { disagreements, damages, sound, rules } = compareOracles({
    first: 1,
    histories: HISTORIES,
  });
  expect(disagreements).toEqual([]);
  expect(sound).toBeGreaterThan(0);
  const blind = Object.entries(damages).filter(([, { violations }]) => violations === 0);
  expect(blind.map(([kind]) => kind)).toEqual(["replicas that all miss it"]);
  const wanted = ["TOK-5", "DEL-4", "TTL-1", "PAGE-2", "CONS-2", "PUT-2", "PUT-3", "GET-1"];
  expect(wanted.filter((rule) => rules[rule] === undefined)).toEqual([]);
});

test.each(["pages", "reads", "halves", "convergence"])(
  "the comparison sees that the oracle of %s is missing",
  (name) => {
    const others = ORACLES.filter((oracle) => oracle.name !== name);
    const { disagreements } = compareOracles({
      first: 1,
      histories: 3_000,
      judge: (of) => others.map(({ check }) => check(of)).find((found) => found !== undefined),
    });
    expect(disagreements.length).toBeGreaterThan(0);
  },
);

test("the comparison sees an oracle that reports too much", () => {
  const { disagreements } = compareOracles({
    first: 1,
    histories: 100,
    judge: (of) => judge(of) ?? { rule: "TOK-4", what: "all of it", operations: [] },
  });
  expect(disagreements.length).toBeGreaterThan(50);
});

const both = put(1, 10, { keys: 3 });
const newer = put(2, 20, { keys: 3, acknowledged: 200, ended: 200 });
const brief = put(3, 20, { order: { time: 20, rank: 1, expiry: 105, nonce } });

test.each([
  ["all of a put", [both], [item(both), item(both, { key: 1 })], 0],
  ["half of a put", [both, newer], [item(newer), item(both, { key: 1 })], 1],
  ["an item or its deletion", [both, remove(4, 15, { acknowledged: 300 })], [item(both)], 1],
  ["what may have expired", [brief], [], 0],
  ["what may have expired, seen", [brief], [item(brief)], 0],
] as const)("the checker judges %s", (_name, writes, items, flaws) => {
  const answered = writes[0].keys;
  const of = history(writes, [read(items, { answered, atOnce: true })]);
  expect(explain(of).flaws).toHaveLength(flaws);
});
