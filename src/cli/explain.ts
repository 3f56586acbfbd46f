/** `kvdal explain`: says why a kept failure fails. */
import type { Command } from "commander";
import { explain, explanationLines } from "kvdal/sim/explain";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { failureCommand } from "./failure-command.ts";
import { bugOf, overSides, readPlanFile, type SideOptions, withBug } from "./failing-plan.ts";
import { ruleText } from "./rule-text.ts";
import { smallPlan } from "./small-plan.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = SideOptions & { readonly seconds: number; readonly json?: boolean };

const EXAMPLES = `
What was violated, by which operations, which faults are needed (each was taken out, and the plan run again), and from
which event on it was unavoidable: up to there networks drawn anew let it pass, from there on they do not. A plan that
is not small is cut down first.

Examples:
  kvdal explain small.json
  kvdal explain failures/put-3-77.json --seconds 60    where cutting down takes its time

Exit codes: 0 explained, 1 it does not fail, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function explainCommand(): Command {
  return failureCommand("explain", "Says in a few lines why a kept failure fails.")
    .option("--seconds <n>", "longest time to cut the plan down", wholeNumber(1, 86_400), 30)
    .option("--json", "print the explanation as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      const kept = await readPlanFile(file);
      await withBug(bugOf(kept, options), () => explainKept(kept, options));
    });
}

async function explainKept(kept: KeptPlan, options: Options): Promise<void> {
  const [engine, cache] = [options.engine ?? kept.engine, options.cache ?? kept.cache];
  await overSides(engine, cache, async (sides) => {
    const small = await smallPlan(kept, sides, options.seconds);
    const explanation = small && (await explain({ ...small, watch: sides.watch }));
    if (small === undefined || explanation === undefined) {
      process.exitCode = EXIT_FAILED;
      print(options, { fails: false }, [`${kept.failure.rule} is not broken: nothing to explain`]);
      return;
    }
    const { rule } = explanation.verdict;
    const wants = await ruleText(rule);
    const bug = bugOf(kept, options);
    const beside = {
      afterVerdict: [...(wants === undefined ? [] : [`${rule} wants: ${wants}`]), ...small.notes],
      atEnd: bug === undefined ? [] : [`With the planted bug ${bug}.`],
    };
    const told = { fails: true, wants: wants ?? null, ...explanation };
    print(options, told, explanationLines(explanation, beside));
  });
}
