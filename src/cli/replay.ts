/** `kvdal replay`: runs a kept failure again and says whether it repeats. */
import type { Command } from "commander";
import type { PlanResult } from "kvdal/sim";
import { type KeptPlan, type Replay, replayOf } from "kvdal/sim/plan-file";
import { EXIT_DIFFERS, EXIT_FAILED, EXIT_INCONCLUSIVE } from "./exit.ts";
import { print } from "./print.ts";
import { failureCommand } from "./failure-command.ts";
import { bugOf, overSides, type SideOptions, type Sides, withBug } from "./failing-plan.ts";
import { readPlanFile } from "./read-plan-file.ts";

type Options = SideOptions & { readonly json?: boolean };

const EXAMPLES = `
A plan file is written by 'kvdal sim --keep FOLDER' and 'kvdal shrink --out FILE'. It holds everything that was decided
before the world ran, so it needs no seed. Where a bug was planted when it failed, the bug is planted again.

Examples:
  kvdal replay failures/put-3-77.json                       again, over what it failed over
  kvdal replay failures/put-3-77.json --engine cassandra    over a real Cassandra
  kvdal replay failures/put-3-77.json --no-mutant           with the code as it is

Exit codes: 0 passes now, 1 repeats, 4 fails in another way, 7 proves nothing: a real engine failed
by itself. 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function replayCommand(): Command {
  return failureCommand("replay", "Runs a kept failure again, and says whether it repeats.")
    .option("--json", "print the outcome as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      const kept = await readPlanFile(file);
      await withBug(bugOf(kept, options), () => replay(kept, options));
    });
}

async function replay(kept: KeptPlan, options: Options): Promise<void> {
  const engine = options.engine ?? kept.engine;
  const cache = options.cache ?? kept.cache;
  const overTheSame =
    engine === kept.engine && cache === kept.cache && bugOf(kept, options) === kept.mutant;
  await overSides(engine, cache, async (sides) => {
    const result = await runAgain(kept, sides);
    const outcome = replayOf(kept, result, overTheSame);
    process.exitCode = exitOf(outcome);
    const { fingerprint, events } = result;
    const { rule } = kept.failure;
    print(options, { ...outcome, rule, engine, events, fingerprint }, lines(kept, outcome));
  });
}

/** One that failed since two runs of it differ fails when they differ again. */
async function runAgain({ failure, plan }: KeptPlan, { watch }: Sides): Promise<PlanResult> {
  const result = await watch(plan);
  if (failure.rule !== "DETERMINISM" || result.violation !== undefined) return result;
  const second = await watch(plan);
  if (second.fingerprint === result.fingerprint) return result;
  const what =
    `two runs of one plan differ: ${result.fingerprint} and ${second.fingerprint}; ` +
    "kvdal divergence with this file says where they part";
  return { ...result, violation: { rule: failure.rule, what, operations: [], also: [] } };
}

function exitOf({ kind }: Replay): number {
  switch (kind) {
    case "passes":
      return 0;
    case "repeats":
      return EXIT_FAILED;
    case "differs":
      return EXIT_DIFFERS;
    case "inconclusive":
      return EXIT_INCONCLUSIVE;
    default:
      throw kind satisfies never;
  }
}

function lines({ failure, mutant }: KeptPlan, outcome: Replay): readonly string[] {
  const bug = mutant === undefined ? [] : [`  kept with the planted bug ${mutant}`];
  switch (outcome.kind) {
    case "passes":
      return [`passes now: ${failure.rule} is not broken`, ...bug];
    case "repeats":
      return [`repeats: ${failure.rule}: ${outcome.verdict.what}`, ...bug];
    case "differs":
      return [
        `differs: ${outcome.why}`,
        `  now ${outcome.verdict.rule}: ${outcome.verdict.what}`,
        ...bug,
      ];
    case "inconclusive":
      return [`proves nothing: ${outcome.why}`];
    default:
      throw outcome satisfies never;
  }
}
