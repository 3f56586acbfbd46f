/** `kvdal bench`: runs a bench and prints its figures with their spread. */
import { Command } from "commander";
import { BENCHES, type NamedBench } from "kvdal/bench";
import { CliError, EXIT_USAGE } from "./exit.ts";

type Options = { readonly filter: string; readonly quick?: boolean; readonly json?: boolean };

const names = BENCHES.map(({ name, summary }) => `  ${name.padEnd(20)} ${summary}`);

const EXAMPLES = `
Benches:
${names.join("\n")}

Examples:
  kvdal bench                       the first of them, about ten seconds
  kvdal bench --filter "run loop"   one part of it
  kvdal bench compression
  kvdal bench compression --json    for a program to read`;

/** The command. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("Runs a bench and prints its figures with their spread.")
    .argument("[name]", "which bench", BENCHES[0]?.name)
    .option("--filter <text>", "only parts whose name contains this", "")
    .option("--quick", "a smoke test: a tenth of the work, figures worth nothing")
    .option("--json", "print the report as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { filter, quick = false, json = false }: Options) => {
      const say = (line: string): void => {
        if (!json) process.stdout.write(`${line}\n`);
      };
      const run = await named(name).load();
      const report = await run({ filter, quick, say });
      if (report === undefined) {
        const wanted = `wanted part of a name that kvdal bench ${name} prints`;
        throw new CliError(EXIT_USAGE, `--filter is "${filter}", ${wanted}`);
      }
      say(`on Node ${report.node}, ${report.machine}`);
      if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    });
}

function named(name: string): NamedBench {
  const bench = BENCHES.find((bench) => bench.name === name);
  if (bench !== undefined) return bench;
  const wanted = BENCHES.map(({ name }) => name).join(", ");
  throw new CliError(EXIT_USAGE, `the bench is "${name}", wanted one of: ${wanted}`);
}
