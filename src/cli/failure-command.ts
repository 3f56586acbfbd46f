/** What all verbs on a kept failure have in common on the command line. */
import { Command } from "commander";
import { CACHE_ENGINES, STORAGE_ENGINES } from "./engine-by-name.ts";
import { SIMULATED_ENGINES } from "./sim/engines.ts";

/** A verb that takes a plan file, and what `SideOptions` says in place of what stands in it. */
export function failureCommand(
  name: string,
  description: string,
  file: "<file>" | "[file]" = "<file>",
): Command {
  const engines = [...SIMULATED_ENGINES, ...STORAGE_ENGINES].join(", ");
  return new Command(name)
    .description(description)
    .argument(file, "a plan file")
    .option("--engine <name>", `another engine: ${engines}`)
    .option("--cache <name>", `another cache: simulated, ${CACHE_ENGINES.join(", ")}`)
    .option("--mutant <name>", "another planted bug")
    .option("--no-mutant", "no planted bug, whatever the file says");
}
