/** What became of the plans of the corpus, for people. */
import { nextLines, shellWord } from "kvdal/sim";
import type { CorpusPlan } from "./corpus-files.ts";
import { fromHere } from "./from-here.ts";
import { PROGRAM } from "./program.ts";

/** What became of one plan. */
export type Outcome = {
  readonly name: string;
  readonly rule: string;
  readonly mutant: string | null;
  readonly reason: string;
  /** With the code as it is no rule is broken. */
  readonly passes: boolean;
  /** With its bug planted it fails as it is said to; null for a plan without one, whose bug was mended. */
  readonly reproduces: boolean | null;
  /** What is wrong with it, if anything is. */
  readonly trouble: string | null;
};

/** A line a plan, how many there are, and what to do about the first that shows the code to be wrong. */
export function corpusLines(
  outcomes: readonly Outcome[],
  plans: readonly Pick<CorpusPlan, "name" | "path">[],
): readonly string[] {
  return [...outcomes.map(line), countLine(outcomes), ...nextSteps(outcomes, plans)];
}

/** Which side of it is wrong, if one is: the code, or the plan. */
function verdictOf({ passes, trouble }: Outcome): "ok" | "FAILS" | "ROTTEN" {
  if (trouble === null) return "ok";
  return passes ? "ROTTEN" : "FAILS";
}

function line(outcome: Outcome): string {
  const { name, rule, trouble, reason } = outcome;
  const head = `${verdictOf(outcome).padEnd(6)}  ${name.padEnd(26)} ${rule.padEnd(8)}`;
  return `${head}  ${trouble ?? reason}`;
}

function countLine(outcomes: readonly Outcome[]): string {
  const count = (verdict: string): number =>
    outcomes.filter((outcome) => verdictOf(outcome) === verdict).length;
  const wrong = (["FAILS", "ROTTEN"] as const).filter((verdict) => count(verdict) > 0);
  const counts = wrong.map((verdict) => `${count(verdict)} ${verdict}`).join(", ");
  // Beside another flaw a planted bug may not get as far as its own rule.
  const doubt = wrong.length === 2 ? "; what is ROTTEN shows when none FAILS any more" : "";
  return `${outcomes.length} plans${counts === "" ? "" : `: ${counts}${doubt}`}`;
}

function nextSteps(
  outcomes: readonly Outcome[],
  plans: readonly Pick<CorpusPlan, "name" | "path">[],
): readonly string[] {
  const first = outcomes.find((outcome) => !outcome.passes);
  const plan = plans.find(({ name }) => name === first?.name);
  if (plan === undefined) return [];
  const world = `${shellWord(fromHere(plan.path))} --no-mutant`;
  const steps = nextLines([
    [`${PROGRAM} explain ${world}`, "why it fails"],
    [`${PROGRAM} diff ${world}`, "beside a run that passes"],
  ]);
  return ["", ...steps];
}
