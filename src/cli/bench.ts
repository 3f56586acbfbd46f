/** `kvdal bench`: times single pieces and prints the figures with their spread. */
import { Command } from "commander";
import { benchLine, runBenches } from "kvdal/bench";
import { CliError, EXIT_USAGE } from "./exit.ts";

type Options = { readonly filter: string; readonly quick?: boolean; readonly json?: boolean };

const EXAMPLES = `
Examples:
  kvdal bench                       all of them, about ten seconds
  kvdal bench --filter "run loop"   one
  kvdal bench --json                for a program to read`;

/** The command. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("Times single pieces: the engine port, the model, the simulator's run loop.")
    .option("--filter <text>", "only benches whose name contains this", "")
    .option("--quick", "a smoke test: a tenth of the time, figures worth nothing")
    .option("--json", "print the report as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ filter, quick = false, json = false }: Options) => {
      const say = (line: string): void => {
        if (!json) process.stdout.write(`${line}\n`);
      };
      const report = await runBenches({
        filter,
        quick,
        onResult: (result) => say(benchLine(result)),
      });
      if (report.benches.length === 0) {
        throw new CliError(EXIT_USAGE, `--filter is "${filter}", wanted part of a bench's name`);
      }
      say(`on Node ${report.node}, ${report.machine}`);
      if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    });
}
