/** `kvdal engines`: the real engines of this machine. */
import { Command } from "commander";
import { type EngineName, openCluster, openEngine, stopEngines } from "kvdal/conformance";
import { EXIT_UNAVAILABLE } from "./exit.ts";

const NAMES: readonly EngineName[] = ["cassandra", "dynamodb", "memcached"];

const EXAMPLES = `
Finds each engine by its variable (KVDAL_CASSANDRA, KVDAL_DYNAMODB, KVDAL_MEMCACHED), as a container or as a
plain process, and starts what does not run yet. Engines stay up until --stop.

Examples:
  kvdal engines            start or find all three, print endpoint, boot time and memory of each
  kvdal engines --cluster  three more Cassandra nodes, which know each other
  kvdal engines --stop     end those that this project started on this machine, but for test runs that still go on`;

/** The command. */
export function enginesCommand(): Command {
  return new Command("engines")
    .description(
      "Starts or finds Cassandra, DynamoDB Local and memcached, and says where they answer.",
    )
    .option("--stop", "end all that were started here, and start none")
    .option("--cluster", "start or find three Cassandra nodes, too")
    .addHelpText("after", EXAMPLES)
    .action(async (options: { readonly stop?: boolean; readonly cluster?: boolean }) => {
      const { stop = false, cluster = false } = options;
      if (stop) process.stdout.write(`${await stopEngines()} engines ended\n`);
      else process.exitCode = await startAll(cluster);
    });
}

async function startAll(withCluster: boolean): Promise<number> {
  const lines = await Promise.all(NAMES.map(startOne));
  if (withCluster) lines.push(await startCluster());
  for (const { line } of lines) process.stdout.write(`${line}\n`);
  return lines.every(({ isThere }) => isThere) ? 0 : EXIT_UNAVAILABLE;
}

async function startOne(name: EngineName): Promise<{ line: string; isThere: boolean }> {
  const engine = await openEngine(name);
  if (!engine.available) {
    const { why, howToGet } = engine;
    return {
      line: `${name.padEnd(10)} not available: ${why}. To get it: ${howToGet}`,
      isThere: false,
    };
  }
  const boot =
    engine.bootMillis === undefined ? "was running" : `up in ${Math.round(engine.bootMillis)} ms`;
  const bytes = await engine.memoryBytes();
  const memory = bytes === undefined ? "" : `, ${Math.round(bytes / 1e6)} MB`;
  const { address } = engine.endpoint();
  await engine.release();
  return {
    line: `${name.padEnd(10)} ${address}  (${engine.provider}, ${boot}${memory})`,
    isThere: true,
  };
}

async function startCluster(): Promise<{ line: string; isThere: boolean }> {
  const cluster = await openCluster();
  if (!cluster.available) {
    const line = `cluster    not available: ${cluster.why}. To get it: ${cluster.howToGet}`;
    return { line, isThere: false };
  }
  const { bootMillis } = cluster;
  const boot = bootMillis === undefined ? "was running" : `up in ${Math.round(bootMillis)} ms`;
  const addresses = cluster.contactPoints().join(" ");
  await cluster.release();
  return { line: `cluster    ${addresses}  (container, ${boot})`, isThere: true };
}
