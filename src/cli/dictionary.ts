/** `kvdal dictionary`: the compression dictionaries of namespaces, from samples to the end of their use (COMP-3). */
import { Command } from "commander";
import { trainCommand } from "./dictionary-train.ts";
import { listCommand, retireCommand, rollCommand } from "./dictionary-versions.ts";

const EXAMPLES = `
A dictionary is trained from samples of a namespace's values and is then new. Rolling makes it current: new values are
compressed with it. The one before is old, and decodes what was written with it.

Examples:
  kvdal dictionary train profiles samples.ndjson    a sample a line
  kvdal dictionary roll profiles                    use the newest one from now on
  kvdal dictionary list
  kvdal dictionary retire profiles 5f1c09aa73e2     never use this one again`;

/** The command, with its verbs. */
export function dictionaryCommand(): Command {
  return new Command("dictionary")
    .description("Trains compression dictionaries and says which one a namespace uses.")
    .usage("VERB [OPTIONS]")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .addCommand(trainCommand())
    .addCommand(listCommand())
    .addCommand(rollCommand())
    .addCommand(retireCommand());
}
