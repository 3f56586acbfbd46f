/** The planted bugs: each is found, each oracle reports all its rules, and planting one without a place fails loudly. */
import { expect, test } from "vitest";
import { CONDITIONAL } from "../../sim/backends/conditional/backend.ts";
import { ORACLES } from "../../sim/check/index.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { plant } from "../../sim/mutants/mutant.ts";
import { kvdalJson, type MutantJson } from "./kvdal.ts";

const simulated = MUTANTS.filter(
  ({ engine }) => engine === undefined || engine === CONDITIONAL.name,
);
const harmful = simulated.filter(({ equivalent }) => equivalent === undefined);

test("every bug planted over a simulated engine is found, and nothing where nobody can tell it", async () => {
  const verdicts = await kvdalJson<readonly MutantJson[]>(["mutants", "--known"]);
  const found = verdicts.filter((verdict) => verdict.found && verdict.seed !== null);
  expect(verdicts.map(({ name }) => name)).toEqual(simulated.map(({ name }) => name));
  expect(found.map(({ name }) => name)).toEqual(harmful.map(({ name }) => name));
  const reported = new Set(
    verdicts.filter(({ ownSeed }) => ownSeed !== null).map(({ rule }) => rule),
  );
  const never = ORACLES.flatMap(({ rules }) => rules).filter((rule) => !reported.has(rule));
  expect(never, "rules that no planted bug makes an oracle report").toEqual([]);
}, 600_000);

test("plant() refuses a place that is missing or there twice", () => {
  const [mutant] = MUTANTS;
  if (mutant === undefined) throw new Error("no mutants");
  expect(() => plant(mutant, "")).toThrow("stands 0 times");
  expect(() => plant(mutant, mutant.find + mutant.find)).toThrow("stands 2 times");
});
