/** `kvdal diff`: a kept failure beside the nearest run that passes. */
import type { Command } from "commander";
import { type Difference, nearestPassing, type Side } from "kvdal/sim/explain";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { failureCommand } from "./failure-command.ts";
import { bugOf, overSides, readPlanFile, type SideOptions, withBug } from "./failing-plan.ts";
import { smallPlan } from "./small-plan.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = SideOptions & { readonly seconds: number; readonly json?: boolean };

/** Operations that are shown of each run. */
const OPERATIONS_MAX = 4;

const EXAMPLES = `
Everything that the plan could lack is taken out, one thing at a time; of the runs that pass then, the nearest is the
one that goes the same way for longest. A plan that is not small is cut down first.

Examples:
  kvdal diff small.json
  kvdal diff small.json --json    with every operation that went another way

Exit codes: 0 shown, 1 it does not fail, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function diffCommand(): Command {
  return failureCommand("diff", "Shows a kept failure beside the nearest run that passes.")
    .option("--seconds <n>", "longest time to cut the plan down", wholeNumber(1, 86_400), 30)
    .option("--json", "print the difference as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      const kept = await readPlanFile(file);
      await withBug(bugOf(kept, options), () => diff(kept, options));
    });
}

async function diff(kept: KeptPlan, options: Options): Promise<void> {
  const [engine, cache] = [options.engine ?? kept.engine, options.cache ?? kept.cache];
  await overSides(engine, cache, async (sides) => {
    const small = await smallPlan(kept, sides, options.seconds);
    const difference = small && (await nearestPassing({ ...small, watch: sides.watch }));
    if (small === undefined || difference === undefined) {
      process.exitCode = EXIT_FAILED;
      const why = `${kept.failure.rule} is not broken, or whatever is taken out: nothing to compare`;
      print(options, { fails: false }, [why]);
      return;
    }
    print(options, { fails: true, ...difference }, [...small.notes, ...lines(difference)]);
  });
}

function lines({ change, tried, helpful, event, failing, passing }: Difference): readonly string[] {
  const parting =
    event === 0
      ? "The runs do not part: the same is right in one."
      : `The runs part at event ${event}.`;
  return [
    `It passes without ${change}.`,
    `  The nearest of ${helpful} changes that help, of ${tried} that were tried. ${parting}`,
    "Failing:",
    ...sideLines(failing),
    "Passing:",
    ...sideLines(passing),
  ];
}

function sideLines({ event, operations, verdict }: Side): readonly string[] {
  const left = operations.length - OPERATIONS_MAX;
  return [
    `  ${event}`,
    ...operations.slice(0, OPERATIONS_MAX).map(({ operation, says }) => `  ${operation}: ${says}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
    `  ${verdict}`,
  ];
}
