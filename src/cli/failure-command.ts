/** What all verbs on a failure have in common on the command line. */
import { Command } from "commander";
import { type FaultSwitch, SEED_MAX, type WorkloadName } from "kvdal/sim";
import { CACHE_ENGINES, STORAGE_ENGINES } from "./engine-by-name.ts";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { SIMULATED_ENGINES } from "./sim/engines.ts";
import { faultKinds } from "./sim/options.ts";
import { wholeNumber } from "./whole-number.ts";
import { addWorkloadOption } from "./workload-option.ts";

/** What says which world, in place of a file. */
export type SeedOptions = {
  readonly seed?: number;
  readonly faults?: readonly FaultSwitch[];
  readonly workload?: readonly WorkloadName[];
};

/** A verb that takes a plan file, and what `SideOptions` says in place of what stands in it. */
export function failureCommand(
  name: string,
  description: string,
  file: "<file>" | "[file]" = "<file>",
): Command {
  const engines = [...SIMULATED_ENGINES, ...STORAGE_ENGINES].join(", ");
  const command = new Command(name)
    .description(description)
    .argument(file, "a plan file")
    .option("--engine <name>", `another engine: ${engines}`)
    .option("--cache <name>", `another cache: simulated, ${CACHE_ENGINES.join(", ")}`);
  return addMutantOptions(command);
}

/** The planted bug: one, or none. */
export function addMutantOptions(command: Command, says = "another planted bug"): Command {
  const said = new Set<string>();
  return command
    .option("--mutant <name>", says)
    .option("--no-mutant", "no planted bug, whatever the file says")
    .on("option:mutant", () => said.add("--mutant"))
    .on("option:no-mutant", () => said.add("--no-mutant"))
    .hook("preAction", () => {
      if (said.size < 2) return;
      throw new CliError(EXIT_USAGE, "wanted --mutant or --no-mutant, one of them");
    });
}

/** A world by its seed, in place of a file: the options of `kvdal sim` that say which world that is. */
export function addSeedOptions(command: Command): Command {
  const seed = "in place of a file: the world of this seed";
  return addWorkloadOption(command.option("--seed <s>", seed, wholeNumber(0, SEED_MAX))).option(
    "--faults <list>",
    "with --seed: no other kinds of fault, as of 'sim'",
    faultKinds,
  );
}

/** Refuses all but one file, or one seed. */
export function checkFileOrSeed(
  file: string | undefined,
  { seed, faults, workload }: SeedOptions,
): void {
  if ((file === undefined) === (seed === undefined)) {
    const found = file === undefined ? "neither is named" : "both are named";
    throw new CliError(EXIT_USAGE, `${found}, wanted a plan file, or a world by --seed`);
  }
  if (file === undefined || (faults === undefined && workload === undefined)) return;
  const message = "--faults and --workload say which world a seed has; a plan file has its own";
  throw new CliError(EXIT_USAGE, message);
}
