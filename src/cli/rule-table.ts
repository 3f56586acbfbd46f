/** The rule table: which cases, oracles and planted bugs each rule of the contract has. Made from the code. */
import { cacheCases, RULES, storageCases, UNTESTED } from "kvdal/conformance";
import { ORACLES } from "kvdal/sim/check";
import { MUTANTS } from "kvdal/sim/mutants";

/** A rule's row, as `rules --json` prints it. */
export type RuleRow = {
  readonly rule: string;
  /** Ids of conformance cases. */
  readonly cases: readonly string[];
  /** Names of oracles that can report it. */
  readonly oracles: readonly string[];
  /** Names of planted bugs that break it. */
  readonly mutants: readonly string[];
  /** Why it has neither case nor oracle; null where it has one, or no reason was ever given. */
  readonly untestedBecause: string | null;
};

/** All rules, in the contract's order. */
export function ruleTable(): readonly RuleRow[] {
  const cases = [...storageCases, ...cacheCases];
  return RULES.map(({ id }) => ({
    rule: id,
    cases: cases.filter(({ rules }) => rules.includes(id)).map((one) => one.id),
    oracles: ORACLES.filter(({ rules }) => rules.includes(id)).map(({ name }) => name),
    mutants: MUTANTS.filter(({ rule }) => rule === id).map(({ name }) => name),
    untestedBecause: UNTESTED[id] ?? null,
  }));
}

/** Whether anything holds an engine or a world to the rule. */
export function isTested({ cases, oracles }: RuleRow): boolean {
  return cases.length + oracles.length > 0;
}
