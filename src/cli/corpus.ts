/** `kvdal corpus`: runs the plans that are kept, with the code as it is and with their bugs planted. */
import { execFile } from "node:child_process";
import { Command } from "commander";
import { type CorpusPlan, corpusPlans, failingInCorpus } from "./corpus-files.ts";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { programFile } from "./program-file.ts";
import { sideBySide } from "./side-by-side.ts";

type Options = { readonly json?: boolean };

/** What became of one plan. */
type Outcome = {
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

const EXAMPLES = `
The corpus lies in sim/corpus: small plans, each of a planted bug, or of a failure that was mended. 'kvdal sim' runs
them first. A plan whose planted bug is not found by it any more has rotted: shrink another, or take it out.

Examples:
  kvdal corpus
  kvdal shrink --seed 5 --mutant no-tie-break --reason "why it is kept" --out sim/corpus/no-tie-break.json

Exit codes: 0 all pass, and fail with their bugs; 1 one does not; 2 wrong usage.`;

/** The command. */
export function corpusCommand(): Command {
  return new Command("corpus")
    .description(
      "Runs the plans that are kept, with the code as it is and with their bugs planted.",
    )
    .option("--json", "print the outcomes as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json = false }: Options) => {
      const outcomes = await outcomesOf(await corpusPlans());
      print({ json }, outcomes, [...outcomes.map(line), `${outcomes.length} plans`]);
      if (outcomes.some(({ trouble }) => trouble !== null)) process.exitCode = EXIT_FAILED;
    });
}

async function outcomesOf(plans: readonly CorpusPlan[]): Promise<readonly Outcome[]> {
  const failing = new Map((await failingInCorpus(plans)).map((each) => [each.name, each]));
  const outcomes: Outcome[] = [];
  const all = sideBySide(plans, (plan) => outcomeOf(plan, failing.get(plan.name)));
  for await (const outcome of all) outcomes.push(outcome);
  return outcomes;
}

async function outcomeOf(
  plan: CorpusPlan,
  broken: { readonly rule: string; readonly what: string } | undefined,
): Promise<Outcome> {
  const { name, kept } = plan;
  const without = broken && `it fails with the code as it is: ${broken.rule}: ${broken.what}`;
  const reproduces = kept.mutant === undefined ? null : await fails(plan);
  const rotten =
    reproduces === false ? `${kept.failure.rule} is not broken with ${kept.mutant} planted` : null;
  return {
    name,
    rule: kept.failure.rule,
    mutant: kept.mutant ?? null,
    reason: kept.reason,
    passes: broken === undefined,
    reproduces,
    trouble: without ?? rotten,
  };
}

/** Whether it breaks its rule with its bug planted: in a process of its own, where the bug is nobody else's. */
async function fails({ path, kept }: CorpusPlan): Promise<boolean> {
  const program = programFile("./planted.ts", import.meta);
  const args = [...process.execArgv, program, kept.mutant ?? "", "replay", path, "--json"];
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, (_error, stdout) => resolve(stdout));
  });
  if (said === "") return false;
  const { kind, verdict } = JSON.parse(said) as {
    readonly kind: string;
    readonly verdict?: { readonly rule: string; readonly also: readonly string[] };
  };
  const broken = verdict === undefined ? [] : [verdict.rule, ...verdict.also];
  return kind === "repeats" || broken.includes(kept.failure.rule);
}

function line({ name, rule, trouble, reason }: Outcome): string {
  const verdict = trouble === null ? "ok    " : "ROTTEN";
  return `${verdict}  ${name.padEnd(26)} ${rule.padEnd(8)} ${trouble ?? reason}`;
}
