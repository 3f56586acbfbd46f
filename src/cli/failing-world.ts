/** A failing world on the command line: by its plan file or by its seed, with what it is run over. */
import type { Command } from "commander";
import { type Plan, planOfSeed } from "kvdal/sim";
import { MUTANTS } from "kvdal/sim/mutants";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { breaks } from "kvdal/sim/shrink";
import { CliError, EXIT_USAGE } from "./exit.ts";
import {
  bugOf,
  overSides,
  refuseScans,
  type SideOptions,
  type Sides,
  withBug,
} from "./failing-plan.ts";
import {
  addSeedOptions,
  checkFileOrSeed,
  failureCommand,
  type SeedOptions,
} from "./failure-command.ts";
import { faultsOf } from "./mutants/faults-of.ts";
import { print } from "./print.ts";
import { readPlanFile } from "./read-plan-file.ts";
import { engineOf } from "./sim/engines.ts";
import { wholeNumber } from "./whole-number.ts";

/** What says which world, and over what. */
export type WorldOptions = SideOptions & SeedOptions;

/** What a verb that looks into one is told. */
export type LookOptions = WorldOptions & { readonly seconds: number; readonly json?: boolean };

/** A verb that looks into one failing world; `told` is what it prints as JSON. */
export function lookCommand(
  { name, description, told }: Readonly<Record<"name" | "description" | "told", string>>,
  look: (world: FailingWorld, options: LookOptions) => Promise<void>,
): Command {
  return addSeedOptions(failureCommand(name, description, "[file]"))
    .option("--seconds <n>", "longest time to cut the plan down", wholeNumber(1, 86_400), 30)
    .option("--json", `print the ${told} as JSON, and nothing else`)
    .action(async (file: string | undefined, options: LookOptions) => {
      await withFailingWorld(file, options, async (world) => {
        if (options.json !== true && world.notes.length > 0) print({}, {}, world.notes);
        await look(world, options);
      });
    });
}

/** It, opened. */
export type FailingWorld = {
  /** Its file; undefined where it is named by its seed. */
  readonly kept: KeptPlan | undefined;
  readonly plan: Plan;
  /** The rule that is looked into; undefined where the world breaks none. */
  readonly rule: string | undefined;
  /** What has to be said before all else: that it is another rule than the one that the file is kept for. */
  readonly notes: readonly string[];
  readonly cache: string | undefined;
  /** The bug that is planted in this process. */
  readonly mutant: string | undefined;
  readonly sides: Sides;
  /** What says which world a seed has, as it was taken. */
  readonly taken: { readonly [K in "faults" | "workload"]: SeedOptions[K] | undefined };
};

/** Opens it for as long as `work` takes, in a process with its bug planted. */
export async function withFailingWorld(
  file: string | undefined,
  options: WorldOptions,
  work: (world: FailingWorld) => Promise<void>,
): Promise<void> {
  checkFileOrSeed(file, options);
  const kept = file === undefined ? undefined : await readPlanFile(file);
  if (kept?.failure.rule === "DETERMINISM") {
    const message = `a run that does not repeat cannot be looked into so: kvdal divergence ${file}`;
    throw new CliError(EXIT_USAGE, message);
  }
  const mutant = bugOf({ mutant: kept?.mutant }, options);
  await withBug(mutant, () => open(kept, mutant, options, work));
}

async function open(
  kept: KeptPlan | undefined,
  mutant: string | undefined,
  options: WorldOptions,
  work: (world: FailingWorld) => Promise<void>,
): Promise<void> {
  const planted = MUTANTS.find(({ name }) => name === mutant);
  const engine = options.engine ?? kept?.engine ?? (planted && engineOf(planted));
  const drawn = planted?.cached === true ? "simulated" : undefined;
  const cache = options.cache ?? kept?.cache ?? drawn;
  await overSides(engine, cache, async (sides) => {
    const huntedIn = planted?.workload === undefined ? undefined : [planted.workload];
    const workload = options.workload ?? huntedIn;
    const faults = options.faults ?? faultsOf(planted);
    const { factory } = sides;
    const facts = { factory, isCached: cache !== undefined, workloads: workload, faults };
    const plan = kept?.plan ?? planOfSeed(options.seed ?? 0, facts);
    refuseScans(plan, sides);
    const said = kept?.failure.rule;
    const rule = await brokenRule(plan, said ?? planted?.rule, sides);
    const isAnother = said !== undefined && rule !== undefined && rule !== said;
    const notes = isAnother
      ? [`Kept for ${said}, which it breaks no more; it breaks ${rule} now.`]
      : [];
    await work({
      kept,
      plan,
      rule: rule ?? said,
      notes,
      cache,
      mutant,
      sides,
      taken: { workload, faults },
    });
  });
}

/** That such a world is as it should be, and so there is `nothing to do`; of a seed, too, which world was taken for its. */
export function soundLines(world: FailingWorld, nothing: string): readonly string[] {
  const { plan, rule, kept } = world;
  if (kept !== undefined) return [`${rule} is not broken by it any more: ${nothing}`];
  const broken = rule === undefined ? "breaks no rule" : `breaks ${rule} no more`;
  return [
    `the world of seed ${plan.seed} ${broken}: ${nothing}`,
    `Taken was: ${takenWords(world)}.`,
    "With other options a seed has another world: those of the red run's repeat line are wanted.",
  ];
}

function takenWords({ sides, cache, mutant, taken: { faults, workload } }: FailingWorld): string {
  return [
    `--engine ${sides.engine}`,
    cache === undefined ? "no --cache (a cache where the seed draws one)" : `--cache ${cache}`,
    faults === undefined ? "faults of all kinds" : `--faults ${faults.join(",") || "none"}`,
    workload === undefined ? "no --workload" : `--workload ${workload.join(",")}`,
    mutant === undefined ? "no planted bug" : `--mutant ${mutant}`,
  ].join(", ");
}

/** The rule that it is said to break, by its file or its planted bug, if it does, or else the first that it breaks. */
export async function brokenRule(
  plan: Plan,
  said: string | undefined,
  { watch }: Pick<Sides, "watch">,
): Promise<string | undefined> {
  const run = await watch(plan);
  if (said !== undefined && breaks(said, run)) return said;
  return run.violation?.rule;
}
