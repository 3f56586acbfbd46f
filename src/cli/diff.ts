/** `kvdal diff`: a failing world beside the nearest run that passes. */
import type { Command } from "commander";
import {
  type Change,
  type Difference,
  nearestPassing,
  type Side,
  type Unhelped,
  wrappedLines,
} from "kvdal/sim/explain";
import { EXIT_FAILED } from "./exit.ts";
import { type FailingWorld, lookCommand, type LookOptions, soundLines } from "./failing-world.ts";
import { print } from "./print.ts";
import { smallPlan } from "./small-plan.ts";

/** Operations that are shown of each run beside those of the verdict. */
const OTHERS_MAX = 4;

const EXAMPLES = `
Everything that the plan could lack is taken out, one thing at a time. Of the runs that pass then, the nearest is the one
in which the verdict's operations are told something else, and that goes the same way for longest; after these come runs
in which they are told the same, and then those without what the verdict is about. A plan that is not small is cut down
first.

Examples:
  kvdal diff small.json
  kvdal diff --seed 77            the world of a seed, as of 'sim'; with the options of its repeat line
  kvdal diff small.json --json    with every operation that went another way

Exit codes: 0 shown, 1 it does not fail, or whatever is taken out; 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function diffCommand(): Command {
  const words = {
    name: "diff",
    description: "Shows a failure beside the nearest run that passes.",
    told: "difference",
  };
  return lookCommand(words, diff).addHelpText("after", EXAMPLES);
}

async function diff(world: FailingWorld, options: LookOptions): Promise<void> {
  const small = await smallPlan(world, options.seconds);
  const found = small && (await nearestPassing({ ...small, watch: world.sides.watch }));
  if (small === undefined || found === undefined) {
    process.exitCode = EXIT_FAILED;
    print(options, { fails: false }, soundLines(world, "nothing to compare"));
    return;
  }
  if (found.kind === "unhelped") process.exitCode = EXIT_FAILED;
  const lines = found.kind === "unhelped" ? unhelpedLines(found) : helpedLines(found);
  const told = found.kind === "unhelped" ? found : { ...found, ...summary(found) };
  const shown = wrappedLines([...small.notes, ...lines]);
  print(options, { fails: true, ...told }, shown);
}

/** The nearest change once more, by itself. */
function summary({ changes }: Difference): object {
  const [{ says, event }] = changes;
  return { change: says, helpful: changes.length, event };
}

function unhelpedLines({ tried, failing }: Unhelped): readonly string[] {
  const found = `It fails whatever is taken out: of ${tried} changes that were tried none helps.`;
  return [found, ...sideLines({ event: "", ...failing })];
}

function helpedLines({ tried, changes, failing, passing }: Difference): readonly string[] {
  const [nearest] = changes;
  return [
    `It passes without ${nearest.says}.`,
    ...effectLines(nearest),
    "Failing:",
    ...sideLines(failing),
    "Passing:",
    ...sideLines(passing),
    `${changes.length} of ${tried} changes that were tried help, the nearest first. Without`,
    ...changes.map((change) => `  ${shortly(change)}: ${changeWords(change)}`),
  ];
}

function effectLines({ says, effect, event }: Change): readonly string[] {
  const parting =
    event === 0 ? "Event by event the runs are the same." : `The runs part at event ${event}.`;
  switch (effect) {
    case "answers":
      return [`  ${parting}`];
    case "judgement": {
      const same = "The answers are the same; only what the rule asks of them changes";
      return [`  ${parting} ${same}, since the rule goes by ${says}.`];
    }
    case "course":
      return [`  ${parting} The same is answered in the end; what happens on the way is another.`];
    case "question":
      return [`  ${parting} What the verdict is about is gone, or is not asked for any more.`];
    default:
      throw effect satisfies never;
  }
}

/** An operation by its number. */
function shortly({ says, operation }: Change): string {
  return operation === undefined ? says : `operation ${operation}`;
}

function changeWords({ effect, event }: Change): string {
  const from = event === 0 ? "" : ` from event ${event} on`;
  const what = {
    answers: `other answers, and another way${from}`,
    judgement: "the same answers, judged otherwise",
    course: `the same answers, by another way${from}`,
    question: "what the verdict is about is gone",
  };
  return what[effect];
}

function sideLines({ event, operations, clocks, verdict }: Side): readonly string[] {
  const named = operations.filter(({ isNamed }) => isNamed);
  const others = operations.filter(({ isNamed }) => !isNamed);
  const left = others.length - OTHERS_MAX;
  return [
    ...(event === "" ? [] : [`  ${event}`]),
    ...[...named, ...others.slice(0, OTHERS_MAX)].map(
      ({ operation, isNamed, says }) => `  ${isNamed ? "*" : " "} ${operation}: ${says}`,
    ),
    ...(left > 0 ? [`    and ${left} more that went another way`] : []),
    ...clocks.map((each) => `  ${each}`),
    `  ${verdict}`,
  ];
}
