/** `kvdal bench`: runs a bench and prints its figures with their spread. */
import { Command } from "commander";
import { BENCHES, type NamedBench } from "kvdal/bench";
import type { EngineName, RealEngine } from "kvdal/conformance";
import { CliError, EXIT_USAGE } from "./exit.ts";

type Options = {
  readonly filter: string;
  readonly engine: readonly string[];
  readonly quick?: boolean;
  readonly json?: boolean;
};

const names = BENCHES.map(({ name, summary, engines }) => {
  const over = engines === undefined ? "" : `\n${" ".repeat(23)}engines: ${engines.join(", ")}`;
  return `  ${name.padEnd(20)} ${summary}${over}`;
});

const EXAMPLES = `
Benches:
${names.join("\n")}

Examples:
  kvdal bench                       the first of them, about ten seconds
  kvdal bench --filter "run loop"   one part of it
  kvdal bench compression
  kvdal bench compression --json    for a program to read
  kvdal bench deletes --engine memory --engine cassandra`;

/** The command. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("Runs a bench and prints its figures with their spread.")
    .argument("[name]", "which bench", BENCHES[0]?.name)
    .option("--filter <text>", "only parts whose name contains this", "")
    .option("--engine <name>", "only this engine; may be repeated", collect, [])
    .option("--quick", "a smoke test: a tenth of the work, figures worth nothing")
    .option("--json", "print the report as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { filter, engine, quick = false, json = false }: Options) => {
      const say = (line: string): void => {
        if (!json) process.stdout.write(`${line}\n`);
      };
      const bench = named(name);
      const engines = await heldEngines(bench, engine);
      const run = await bench.load();
      const report = await run({ filter, engines: engine, quick, say });
      for (const held of engines) await held.release();
      if (report === undefined) {
        const wanted = `wanted part of a name that kvdal bench ${name} prints`;
        throw new CliError(EXIT_USAGE, `--filter is "${filter}", ${wanted}`);
      }
      say(`on Node ${report.node}, ${report.machine}`);
      if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    });
}

function collect(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}

/** The real ones among the engines asked for. Whoever names one wants figures of it, not the reason why there are none. */
async function heldEngines(
  { name, engines = [] }: NamedBench,
  asked: readonly string[],
): Promise<readonly RealEngine[]> {
  const held: RealEngine[] = [];
  for (const engine of asked) {
    if (!engines.includes(engine)) {
      const wanted =
        engines.length === 0 ? "none with this bench" : `one of: ${engines.join(", ")}`;
      throw new CliError(EXIT_USAGE, `--engine is "${engine}" for bench ${name}, wanted ${wanted}`);
    }
    if (!isReal(engine)) continue;
    // Only here: most benches need nothing of what it brings along.
    const { requireRealEngine } = await import("./real-engine.ts");
    held.push(await requireRealEngine(engine));
  }
  return held;
}

function isReal(engine: string): engine is EngineName {
  return engine === "cassandra" || engine === "dynamodb" || engine === "memcached";
}

function named(name: string): NamedBench {
  const bench = BENCHES.find((bench) => bench.name === name);
  if (bench !== undefined) return bench;
  const wanted = BENCHES.map(({ name }) => name).join(", ");
  throw new CliError(EXIT_USAGE, `the bench is "${name}", wanted one of: ${wanted}`);
}
