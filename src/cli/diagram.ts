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
  originWords,
  type Plan,
  planOfSeed,
  REPLICATED,
  REPLICATED_WORLDS,
  runSeeds,
  shivizLog,
  SEED_MAX,
  type Trace,
  tracePlan,
  TWO_REGIONS,
  type WorkloadName,
} from "kvdal/sim";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { breaks, watchPlans } from "kvdal/sim/shrink";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { bugOf, withBug } from "./failing-plan.ts";
import { brokenRule } from "./failing-world.ts";
import { addMutantOptions, type SeedOptions } from "./failure-command.ts";
import { fold } from "./fold.ts";
import { faultsOf } from "./mutants/faults-of.ts";
import { readPlanFile } from "./read-plan-file.ts";
import { faultKinds } from "./sim/options.ts";
import { smallPlan } from "./small-plan.ts";
import { type Target, targetsOf, tryTargets, written } from "./targets.ts";
import { wholeNumber } from "./whole-number.ts";
import { addWorkloadOption } from "./workload-option.ts";

type Options = SeedOptions & {
  readonly engine?: string;
  readonly mutant?: string | boolean;
  readonly cache?: string;
  readonly whole?: boolean;
  readonly seconds: number;
  readonly out?: string;
  readonly shiviz?: string;
  readonly json?: string;
};

/** Worlds in which a planted bug is looked for when no seed is named. */
const HUNT_MAX = 2_000;

const EXAMPLES = `
Open the file in any browser, offline: lanes for clients, servers, replicas and cache, messages as arrows, faults shaded,
the operations that the verdict names and all that they depended on lit. A failing world that is not small is cut down
first, as for 'explain' and 'diff'; --whole draws all of it. For a planted bug without a seed, the first world that
breaks the bug's own rule is shown.

Examples:
  kvdal diagram failures/put-3-77.json              a kept failure
  kvdal diagram --seed 77                           the world of a seed
  kvdal diagram --seed 77 --whole                   all of its operations, whether or not the failure needs them
  kvdal diagram --seed 77 --workload druid-cache    with the options of the line that repeats it
  kvdal diagram --seed 77 --cache simulated         the same with a cache in front, as of 'sim --cache simulated'
  kvdal diagram --mutant ack-before-quorum          what a planted bug does
  kvdal diagram --seed 77 --shiviz 77.log           for ShiViz: the file names the expression that reads it
  kvdal diagram --seed 77 --json 77.json            the trace itself

Exit codes: 0 written, 1 no world was found that a planted bug breaks, 2 wrong usage.`;

/** The command. */
export function diagramCommand(): Command {
  return addWorkloadOption(addMutantOptions(new Command("diagram"), "plant this bug"))
    .description("Writes a simulated world as a space-time diagram, in one HTML file.")
    .argument("[file]", "a plan file")
    .option("--seed <s>", "the world of this seed", wholeNumber(0, SEED_MAX))
    .option("--faults <list>", "with --seed: no other kinds of fault, as of 'sim'", faultKinds)
    .option("--engine <name>", `with --seed: ${SHOWN.join(" or ")}, as of 'sim'`)
    .option("--cache <name>", "simulated: a world that has a cache, whatever its seed says")
    .option("--whole", "draw all of a failing world, in place of what its failure needs")
    .option("--seconds <n>", "longest time to cut the plan down", wholeNumber(1, 86_400), 30)
    .option("--out <file>", "where to write the page")
    .option("--shiviz <file>", "write the log for ShiViz")
    .option("--json <file>", "write the trace as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      checkUsage(file, options);
      tryTargets(targetsTo(options), file === undefined ? [] : [file]);
      const kept = file === undefined ? undefined : await readPlanFile(file);
      const bug = bugOf({ mutant: kept?.mutant }, options);
      await withBug(bug, async () => {
        const shown = kept === undefined ? await shownOf(options, bug) : shownOfFile(kept);
        await draw(shown, bug, options);
      });
    });
}

/** What is to be shown: a plan, that which its seed has by itself, and the rule that it is said to break. */
type Shown = { readonly plan: Plan; readonly own: Plan; readonly rule: string | undefined };

/** All are run over simulated replicas, cut down where that is not forbidden. */
async function draw(
  { plan, own, rule }: Shown,
  bug: string | undefined,
  options: Options,
): Promise<void> {
  const sides = { watch: watchPlans(REPLICATED) };
  const small =
    options.whole === true
      ? undefined
      : await smallPlan(
          { plan, rule: await brokenRule(plan, rule, sides), sides },
          options.seconds,
        );
  const drawn = small?.plan ?? plan;
  const trace = { ...(await tracePlan(drawn, REPLICATED, bug)), world: originWords(drawn, own) };
  await write({ trace, notes: small?.notes ?? [], seed: own.seed }, options);
}

async function shownOf(options: Options, bug: string | undefined): Promise<Shown> {
  const plan = await planOf(options, bug);
  return { plan, own: plan, rule: MUTANTS.find(({ name }) => name === bug)?.rule };
}

/** A kept plan is shown over simulated replicas whatever it was kept over. */
function shownOfFile({ engine, plan, failure }: KeptPlan): Shown {
  if (!SHOWN.includes(engine)) {
    const note = `Kept over ${engine}; shown is the same plan over simulated replicas.`;
    process.stderr.write(`${note}\n`);
  }
  const own = planOfSeed(plan.seed, {
    factory: shownFactory(engine) ?? REPLICATED,
    isCached: plan.cache !== undefined,
    workloads: plan.workload && [plan.workload],
  });
  return { plan, own, rule: failure.rule };
}

/** Engines of worlds that are shown. */
const SHOWN: readonly string[] = REPLICATED_WORLDS.map(({ name }) => name);

function shownFactory(engine: string | undefined): BackendFactory | undefined {
  return REPLICATED_WORLDS.find(({ name }) => name === engine);
}

function checkUsage(
  file: string | undefined,
  { seed, mutant, cache, engine, faults, workload }: Options,
): void {
  const named = [file, seed].filter((name) => name !== undefined).length;
  if (named > 1 || (named === 0 && typeof mutant !== "string")) {
    throw new CliError(EXIT_USAGE, "wanted a plan file, or --seed, or --mutant");
  }
  if (cache !== undefined && cache !== "simulated") {
    throw new CliError(EXIT_USAGE, `the cache is "${cache}", wanted: simulated`);
  }
  if (engine !== undefined && !SHOWN.includes(engine)) {
    throw new CliError(EXIT_USAGE, `the engine is "${engine}", wanted one of: ${SHOWN.join(", ")}`);
  }
  if (seed === undefined && (engine ?? faults ?? workload) !== undefined) {
    const message = "--engine, --faults and --workload say which world a seed has, wanted --seed";
    throw new CliError(EXIT_USAGE, message);
  }
}

/** The plan of the seed; where none is named, of the first world that shows the planted bug. */
async function planOf(options: Options, bug: string | undefined): Promise<Plan> {
  const { seed, cache, engine } = options;
  const mutant = MUTANTS.find(({ name }) => name === bug);
  const isCached = cache === "simulated" || mutant?.cached === true;
  const workloads = options.workload ?? workloadsOf(mutant);
  const factory = shownFactory(engine) ?? factoryOf(mutant);
  const chosen = seed ?? (await seedBrokenBy(mutant as Mutant, isCached));
  const faults = options.faults ?? faultsOf(mutant);
  return planOfSeed(chosen, { factory, isCached, workloads, faults });
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

/** The page is written, unless something else alone is wanted. */
function isPageWanted({ out, shiviz, json }: Options): boolean {
  return out !== undefined || (shiviz === undefined && json === undefined);
}

/** What is to be written to; a page that nobody names gets its name from the world. */
function targetsTo(options: Options): readonly Target[] {
  const { out, shiviz, json } = options;
  const isNameless = isPageWanted(options) && out === undefined;
  return targetsOf({ out, shiviz, json }, { out: isNameless ? "." : undefined });
}

/** What is written, what was done to it before, and the seed of the world that it is of. */
type Drawn = { readonly trace: Trace; readonly notes: readonly string[]; readonly seed: number };

/** Says what the world came to, and writes what is asked for. */
async function write({ trace, notes, seed }: Drawn, options: Options): Promise<void> {
  const { world, verdict, operations, messages } = trace;
  const end = verdict === undefined ? "no rule broken" : `${verdict.rule}: ${verdict.what}`;
  const size = `${operations.length} operations, ${messages.length} messages`;
  process.stdout.write(`${fold(`${world ?? `Seed ${seed}`}: ${size}; ${end}`)}\n`);
  for (const note of notes) process.stdout.write(`${fold(`${note} --whole draws all of it.`)}\n`);
  const page = isPageWanted(options) ? (options.out ?? `${nameOf(seed, trace)}.html`) : undefined;
  const textOf: Readonly<Record<string, (trace: Trace) => string>> = {
    "--out": diagramPage,
    "--shiviz": shivizLog,
    "--json": (told) => `${JSON.stringify(told)}\n`,
  };
  for (const target of targetsOf({ out: page, shiviz: options.shiviz, json: options.json })) {
    const text = textOf[target.option]?.(trace) ?? "";
    const isWritten = await written(target, () => writeFile(target.path, text));
    if (isWritten) process.stdout.write(`written ${resolve(target.path)}\n`);
    else process.exitCode = EXIT_USAGE;
  }
}

function nameOf(seed: number, { mutant }: Trace): string {
  return mutant === undefined ? `world-${seed}` : `world-${seed}-${mutant}`;
}
