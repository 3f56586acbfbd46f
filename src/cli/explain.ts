/** `kvdal explain`: says why a world fails. */
import type { Command } from "commander";
import { tracePlan } from "kvdal/sim";
import {
  explain,
  type ExplainedOf,
  explanationLines,
  happenedLines,
  fileLines,
  ruleLines,
} from "kvdal/sim/explain";
import { EXIT_FAILED } from "./exit.ts";
import { type FailingWorld, lookCommand, type LookOptions, soundLines } from "./failing-world.ts";
import { print } from "./print.ts";
import { filesNaming } from "./rule-files.ts";
import { ruleText } from "./rule-text.ts";
import { smallPlan } from "./small-plan.ts";

const EXAMPLES = `
What was violated, by which operations, which faults are needed (each was taken out, and the plan run again), and from
which event on it was unavoidable: up to there networks drawn anew let it pass, from there on they do not. A plan that
is not small is cut down first. Below that stand the whole rule, the code that names it, what servers did about it until
then, and requests that were repeated, by the trace that 'kvdal diagram' draws: for the operations in conflict, and
whatever else went to the same keys and rows.

Examples:
  kvdal explain small.json
  kvdal explain --seed 77                              the world of a seed, as of 'sim'
  kvdal explain --seed 77 --workload druid-cache       with the options of the line that repeats it
  kvdal explain failures/put-3-77.json --seconds 60    where cutting down takes its time

Exit codes: 0 explained, 1 it does not fail, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function explainCommand(): Command {
  const words = {
    name: "explain",
    description: "Says in a few lines why a world fails.",
    told: "explanation",
  };
  return lookCommand(words, explainWorld).addHelpText("after", EXAMPLES);
}

async function explainWorld(world: FailingWorld, options: LookOptions): Promise<void> {
  const small = await smallPlan(world, options.seconds);
  const of = small && { ...small, watch: world.sides.watch, ...traceOf(world) };
  const explanation = of && (await explain(of));
  if (small === undefined || explanation === undefined) {
    process.exitCode = EXIT_FAILED;
    print(options, { fails: false }, soundLines(world, "nothing to explain"));
    return;
  }
  const { rule } = explanation.verdict;
  const [wants, files] = await Promise.all([ruleText(rule), filesNaming(rule)]);
  const { mutant } = world;
  const beside = {
    afterVerdict: small.notes,
    atEnd: mutant === undefined ? [] : [`With the planted bug ${mutant}.`],
  };
  const told = { fails: true, wants: wants ?? null, files, ...explanation };
  const sections = [
    explanationLines(explanation, beside),
    [...(wants === undefined ? [] : ruleLines(rule, wants)), ...fileLines(rule, files)],
    happenedLines(explanation),
  ];
  print(options, told, parted(sections));
}

/** Real engines and caches leave no trace. */
function traceOf({ sides, cache, mutant }: FailingWorld): Pick<ExplainedOf, "trace"> {
  if (sides.isReal || (cache !== undefined && cache !== "simulated")) return {};
  return { trace: (plan) => tracePlan(plan, sides.factory, mutant) };
}

/** Sections of lines, those without any left out, with a blank line between. */
function parted(sections: readonly (readonly string[])[]): readonly string[] {
  const some = sections.filter(({ length }) => length > 0);
  return some.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}
