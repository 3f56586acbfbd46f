/** The rule table: made of rules that are in SPEC.md, without holes that nobody knows of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES, UNTESTED } from "kvdal/conformance";
import { expect, test } from "vitest";
import { ORACLES } from "../../sim/check/index.ts";
import { MUTANTS } from "../../sim/mutants/index.ts";
import { isTested, ruleTable } from "../../src/cli/rule-table.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";

/** Rules without a case or an oracle. It only ever sinks: whoever closes a hole lowers it. */
const UNTESTED_MOST = 1;

const ids = RULES.map(({ id }) => id);
const untested = ruleTable().filter((row) => !isTested(row));

test("rules are those of SPEC.md, under its headings and in its order", () => {
  const text = readFileSync(join(PROJECT_ROOT, "conformance/SPEC.md"), "utf8");
  const found: { readonly id: string; readonly group: string }[] = [];
  let group = "";
  for (const [, hashes, title = ""] of text.matchAll(/^(##|###) (.*)$/gm)) {
    if (hashes === "##") group = title;
    else found.push({ id: title, group });
  }
  expect(RULES).toEqual(found);
});

test("oracles and planted bugs name rules that there are", () => {
  const named = [...ORACLES.flatMap(({ rules }) => rules), ...MUTANTS.map(({ rule }) => rule)];
  expect(named.filter((rule) => !ids.includes(rule))).toEqual([]);
});

test("every rule has a case, an oracle, or a reason why not", () => {
  const silent = untested.filter(({ untestedBecause }) => untestedBecause === null);
  expect(silent.map(({ rule }) => rule)).toEqual([]);
});

test("the list of untested rules does not grow", () => {
  expect(untested.length).toBeLessThanOrEqual(UNTESTED_MOST);
});

test("reasons are sentences, for rules that there are and that nothing tests", () => {
  expect(Object.keys(UNTESTED)).toEqual(untested.map(({ rule }) => rule));
  for (const [rule, reason] of Object.entries(UNTESTED)) {
    expect(reason, rule).toMatch(/^[A-Z][^\n]{20,}\.$/);
  }
});
