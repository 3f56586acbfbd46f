/** `kvdal corpus`: runs the plans that are kept, with the code as it is and with their bugs planted. */
import { execFile } from "node:child_process";
import { Command } from "commander";
import { type CorpusPlan, corpusPlans, failingInCorpus } from "./corpus-files.ts";
import { corpusLines, type Outcome } from "./corpus-text.ts";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { programFile } from "./program-file.ts";
import { sideBySide } from "./side-by-side.ts";

type Options = { readonly json?: boolean };

const EXAMPLES = `
The corpus lies in sim/corpus: small plans, each of a planted bug, or of a failure that was mended. 'kvdal sim' runs
them first. FAILS is a plan that fails with the code as it is: the code is wrong. ROTTEN is one by which its planted
bug is not found any more: the plan is no good, shrink another, or take it out.

Examples:
  kvdal corpus
  kvdal shrink --seed 5 --mutant no-tie-break --reason "why it is kept" --out sim/corpus/no-tie-break.json

Exit codes: 0 all pass, and fail with their bugs; 1 one FAILS or is ROTTEN; 2 wrong usage.`;

/** The command. */
export function corpusCommand(): Command {
  return new Command("corpus")
    .description(
      "Runs the plans that are kept, with the code as it is and with their bugs planted.",
    )
    .option("--json", "print the outcomes as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json = false }: Options) => {
      const plans = await corpusPlans();
      const outcomes = await outcomesOf(plans);
      print({ json }, outcomes, corpusLines(outcomes, plans));
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
