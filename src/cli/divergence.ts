/** `kvdal divergence`: where two runs of one simulated world part. */
import { Command } from "commander";
import {
  crashOf,
  type DivergenceSearch,
  divergenceLines,
  type FaultSwitch,
  loggedRuns,
  type Plan,
  planOfSeed,
  searchDivergence,
  SEED_MAX,
  type WorkloadName,
} from "kvdal/sim";
import { CACHE_ENGINES, STORAGE_ENGINES } from "./engine-by-name.ts";
import { CliError, EXIT_CRASH, EXIT_DETERMINISM, EXIT_USAGE } from "./exit.ts";
import { bugOf, type SideOptions, withBug } from "./failing-plan.ts";
import { addMutantOptions } from "./failure-command.ts";
import { plantedBug } from "./planted-bug.ts";
import { readPlanFile } from "./read-plan-file.ts";
import { type OpenEngines, SIMULATED_ENGINES, withEngines } from "./sim/engines.ts";
import { faultKinds } from "./sim/options.ts";
import { visible } from "./visible.ts";
import { wholeNumber } from "./whole-number.ts";
import { addWorkloadOption } from "./workload-option.ts";

type Options = SideOptions & {
  readonly seed?: number;
  readonly faults?: readonly FaultSwitch[];
  readonly workload?: readonly WorkloadName[];
  readonly runs: number;
  readonly json?: boolean;
};

const RUNS_MAX = 1_000;
const RUNS = 6;
const BEYOND =
  "They part after the last step that is kept of a run; fewer operations bring it nearer.";

const EXAMPLES = `
Runs the world again and again in this process, which has run nothing else: twice at once, then with one more other world
before each run. Compared are all steps: events fired, events scheduled, what clients were told. Printed is the first that
differs: its virtual time, its node, what it is, the event that it follows from, and the stack it was scheduled from.

Examples:
  kvdal divergence --seed 77                        the world of a seed
  kvdal divergence failures/determinism-77.json     a kept failure
  kvdal divergence --seed 77 --runs 50              with more worlds in between

Exit codes: 0 all runs are alike, 6 two runs differ, 5 something threw in one, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function divergenceCommand(): Command {
  return addWorkloadOption(
    addMutantOptions(new Command("divergence"), "plant this bug, of the simulator or another"),
  )
    .description("Finds the first event in which two runs of one world differ.")
    .argument("[file]", "a plan file")
    .option("--seed <s>", "the world of this seed", wholeNumber(0, SEED_MAX))
    .option("--runs <n>", "most runs", wholeNumber(2, RUNS_MAX), RUNS)
    .option("--faults <list>", "no other kinds of fault than those, as of 'sim'", faultKinds)
    .option(
      "--engine <name>",
      `an engine: ${[...SIMULATED_ENGINES, ...STORAGE_ENGINES].join(", ")}`,
    )
    .option("--cache <name>", `a cache: simulated, ${CACHE_ENGINES.join(", ")}`)
    .option("--json", "print what was found as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      if ((file === undefined) === (options.seed === undefined)) {
        throw new CliError(EXIT_USAGE, "wanted a plan file or --seed, one of them");
      }
      const kept = file === undefined ? undefined : await readPlanFile(file);
      const names = {
        engine: options.engine ?? kept?.engine,
        cache: options.cache ?? kept?.cache,
      };
      await withBug(
        bugOf({ mutant: kept === undefined ? plantedBug() : kept.mutant }, options),
        () =>
          withEngines(names, async (engines) => {
            const plan = kept?.plan ?? planOf(options, engines);
            const { factory, cache } = engines;
            const run = loggedRuns(factory, cache === "simulated" ? undefined : cache);
            print(plan, await searchDivergence(plan, run, options.runs), options);
          }),
      );
    });
}

function planOf({ seed = 0, faults, workload }: Options, { factory, cache }: OpenEngines): Plan {
  const isCached = cache !== undefined;
  return planOfSeed(seed, { factory, isCached, faults, workloads: workload });
}

function print({ seed }: Plan, search: DivergenceSearch, { json = false }: Options): void {
  const { differs, divergence, error } = search;
  const thrown = error === undefined ? undefined : crashOf(seed, error).what;
  if (differs) process.exitCode = EXIT_DETERMINISM;
  else if (error !== undefined) process.exitCode = EXIT_CRASH;
  if (json) {
    const said = { seed, ...search, divergence: divergence ?? null, error: thrown ?? null };
    process.stdout.write(`${JSON.stringify(said, undefined, 2)}\n`);
  } else process.stdout.write(`${visible(lines(seed, search, thrown).join("\n"))}\n`);
}

function lines(
  seed: number,
  { runs, fingerprints, events, differs, divergence, between }: DivergenceSearch,
  thrown: string | undefined,
): readonly string[] {
  const threw = thrown === undefined ? [] : [`A run threw: ${thrown}`];
  if (!differs && thrown !== undefined) return threw;
  if (!differs) {
    return [`All ${runs} runs of seed ${seed} are alike: ${events} events, ${fingerprints[0]}.`];
  }
  const after = between === 0 ? "" : `, after ${between} other worlds`;
  return [
    `Run ${runs} of seed ${seed} is unlike the first${after}: ${fingerprints[0]} and ${fingerprints.at(-1)}.`,
    ...(divergence === undefined ? [BEYOND] : divergenceLines(divergence)),
    ...threw,
  ];
}
