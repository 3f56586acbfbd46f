/** `kvdal merge`: the shards of a campaign, done in different places, as one. */
import { closeSync, openSync, statSync } from "node:fs";
import { Command } from "commander";
import { mergeShards } from "kvdal/sim";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { EXIT_CODES } from "./sim/outcome.ts";
import { addPrintOptions, print, type PrintOptions, printTargets } from "./sim/print.ts";
import { stateIn } from "./sim/state-file.ts";
import { tryTargets } from "./targets.ts";
import { unreadable } from "./unreadable.ts";

const EXAMPLES = `
The files are those that kvdal sim --shard i/n --state FILE wrote, one a shard, each to its end. The summary is the one
that the same campaign has without shards. A file of another campaign, a shard that is there twice, is missing or is not
done, is refused.

Examples:
  kvdal sim --from commit --shard 1/2 --state 1.jsonl     on one machine
  kvdal sim --from commit --shard 2/2 --state 2.jsonl     on another
  kvdal merge 1.jsonl 2.jsonl --json                      where the files have come together

In a Kubernetes indexed Job, --shard env/16 takes its place from JOB_COMPLETION_INDEX, which counts from 0.
${EXIT_CODES}`;

/** A missing file, or a folder, is said in words. */
function checkReadable(file: string): void {
  try {
    closeSync(openSync(file, "r"));
    if (statSync(file).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (error) {
    throw new CliError(EXIT_USAGE, unreadable(file, "what kvdal sim --state wrote", error));
  }
}

/** The command. */
export function mergeCommand(): Command {
  const command = new Command("merge")
    .description("Puts the shards of a campaign together.")
    .argument("<files...>", "what kvdal sim --state wrote, a file a shard")
    .addHelpText("after", EXAMPLES);
  return addPrintOptions(command).action(
    async (files: readonly string[], options: PrintOptions) => {
      tryTargets(printTargets(options), files);
      for (const file of files) checkReadable(file);
      const named = async (file: string) => ({ file, state: await stateIn(file) });
      const merged = mergeShards(await Promise.all(files.map(named)));
      if ("flaws" in merged) throw new CliError(EXIT_USAGE, merged.flaws.join("\nkvdal: "));
      process.exitCode = await print(merged.result, options);
    },
  );
}
