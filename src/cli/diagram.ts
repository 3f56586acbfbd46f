/** `kvdal diagram`: one simulated world as a space-time diagram, in one HTML file. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import {
  type BackendFactory,
  diagramPage,
  type Failure,
  MUTANTS,
  type Mutant,
  type Plan,
  planOfSeed,
  REPLICATED,
  runSeeds,
  shivizLog,
  SEED_MAX,
  type Trace,
  tracePlan,
  TWO_REGIONS,
  type WorkloadName,
} from "kvdal/sim";
import { breaks } from "kvdal/sim/shrink";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { bugOf, readPlanFile, withBug } from "./failing-plan.ts";
import { faultsOf } from "./mutants/faults-of.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = {
  readonly seed?: number;
  readonly mutant?: string | boolean;
  readonly cache?: string;
  readonly out?: string;
  readonly shiviz?: string;
  readonly json?: string;
};

/** Worlds in which a planted bug is looked for when no seed is named. */
const HUNT_MAX = 2_000;

const EXAMPLES = `
Open the file in any browser, offline: lanes for clients, servers, replicas and cache, messages as arrows, faults shaded,
the operations that the verdict names and all that they depended on lit. For a planted bug without a seed, the first world
that breaks the bug's own rule is shown.

Examples:
  kvdal diagram failures/put-3-77.json              a kept failure
  kvdal diagram --seed 77                           the world of a seed
  kvdal diagram --seed 77 --cache simulated         the same with a cache in front, as of 'sim --cache simulated'
  kvdal diagram --mutant ack-before-quorum          what a planted bug does
  kvdal diagram --seed 77 --shiviz 77.log           for ShiViz: the file names the expression that reads it
  kvdal diagram --seed 77 --json 77.json            the trace itself

Exit codes: 0 written, 1 no world was found that a planted bug breaks, 2 wrong usage.`;

/** The command. */
export function diagramCommand(): Command {
  return new Command("diagram")
    .description("Writes a simulated world as a space-time diagram, in one HTML file.")
    .argument("[file]", "a plan file")
    .option("--seed <s>", "the world of this seed", wholeNumber(0, SEED_MAX))
    .option("--mutant <name>", "plant this bug")
    .option("--no-mutant", "no planted bug, whatever the file says")
    .option("--cache <name>", "simulated: a world that has a cache, whatever its seed says")
    .option("--out <file>", "where to write the page")
    .option("--shiviz <file>", "write the log for ShiViz")
    .option("--json <file>", "write the trace as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      checkUsage(file, options);
      const kept = file === undefined ? undefined : await readPlanFile(file);
      const bug = bugOf({ mutant: kept?.mutant }, options);
      await withBug(bug, async () => {
        if (kept !== undefined && ![REPLICATED.name, TWO_REGIONS.name].includes(kept.engine)) {
          const note = `Kept over ${kept.engine}; shown is the same plan over simulated replicas.`;
          process.stderr.write(`${note}\n`);
        }
        const plan = kept?.plan ?? (await planOf(options, bug));
        await write(await tracePlan(plan, REPLICATED, bug), options);
      });
    });
}

function checkUsage(file: string | undefined, { seed, mutant, cache }: Options): void {
  const named = [file, seed].filter((name) => name !== undefined).length;
  if (named > 1 || (named === 0 && typeof mutant !== "string")) {
    throw new CliError(EXIT_USAGE, "wanted a plan file, or --seed, or --mutant");
  }
  if (cache !== undefined && cache !== "simulated") {
    throw new CliError(EXIT_USAGE, `the cache is "${cache}", wanted: simulated`);
  }
}

/** The plan of the seed; where none is named, of the first world that shows the planted bug. */
async function planOf({ seed, cache }: Options, bug: string | undefined): Promise<Plan> {
  const mutant = MUTANTS.find(({ name }) => name === bug);
  const isCached = cache === "simulated" || mutant?.cached === true;
  const workloads = workloadsOf(mutant);
  const chosen = seed ?? (await seedBrokenBy(mutant as Mutant, isCached));
  const faults = faultsOf(mutant);
  return planOfSeed(chosen, { factory: factoryOf(mutant), isCached, workloads, faults });
}

/** Where it is hunted. */
function factoryOf(mutant: Mutant | undefined): BackendFactory {
  return mutant?.regions === true ? TWO_REGIONS : REPLICATED;
}

function workloadsOf(mutant: Mutant | undefined): readonly WorkloadName[] | undefined {
  return mutant?.workload === undefined ? undefined : [mutant.workload];
}

async function seedBrokenBy(mutant: Mutant, cached: boolean): Promise<number> {
  const { name, rule, engine } = mutant;
  const breaksIt = (violation: Failure | undefined): boolean => breaks(rule, { violation });
  if (engine !== undefined) {
    throw new CliError(EXIT_USAGE, `${name} is a bug of ${engine}'s adapter, wanted one of sim's`);
  }
  const { failures } = await runSeeds({
    factory: factoryOf(mutant),
    cache: cached ? "simulated" : undefined,
    seeds: Array.from({ length: HUNT_MAX }, (_, i) => 1 + i),
    twice: false,
    faults: faultsOf(mutant),
    workloads: workloadsOf(mutant),
    stopAt: breaksIt,
    cpuMicros: () => 0,
  });
  const found = failures.find(breaksIt) ?? failures[0];
  if (found === undefined) {
    throw new CliError(EXIT_FAILED, `no world of the first ${HUNT_MAX} shows ${name}`);
  }
  return found.seed;
}

/** Writes what is asked for; the page too, unless something else alone is. */
async function write(trace: Trace, { out, shiviz, json }: Options): Promise<void> {
  const isPageWanted = out !== undefined || (shiviz === undefined && json === undefined);
  const files = [
    ...(isPageWanted ? [[out ?? `${nameOf(trace)}.html`, diagramPage(trace)] as const] : []),
    ...(shiviz === undefined ? [] : [[shiviz, shivizLog(trace)] as const]),
    ...(json === undefined ? [] : [[json, `${JSON.stringify(trace)}\n`] as const]),
  ];
  const { seed, verdict, operations, messages } = trace;
  const end = verdict === undefined ? "no rule broken" : `${verdict.rule}: ${verdict.what}`;
  process.stdout.write(
    `seed ${seed}, ${operations.length} operations, ${messages.length} messages; ${end}\n`,
  );
  for (const [path, text] of files) {
    try {
      await writeFile(path, text);
    } catch (error) {
      throw new CliError(EXIT_USAGE, `cannot write: ${(error as Error).message}`);
    }
    process.stdout.write(`written ${resolve(path)}\n`);
  }
}

function nameOf({ seed, mutant }: Trace): string {
  return mutant === undefined ? `world-${seed}` : `world-${seed}-${mutant}`;
}
