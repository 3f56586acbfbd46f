/** `kvdal provision FILE`: makes the tables of a configuration of namespaces, or sees that they are as wanted. */
import { Command, InvalidArgumentError } from "commander";
import { problemLine } from "../namespace/config-problem.ts";
import type { NamespaceConfig } from "../namespace/namespace-config.ts";
import { provisionNamespace } from "../namespace/provision.ts";
import { type EnginesByCluster, routeNamespace } from "../namespace/route-namespace.ts";
import { asKvError, KvError } from "../model/error.ts";
import type { StorageEngine } from "../ports/storage-engine.ts";
import { systemEnv } from "../system/env.ts";
import { runNative } from "../system/native.ts";
import { type ClusterEngine, clusterEngines, keyOf } from "./cluster-engines.ts";
import { EXIT_FAILED, EXIT_UNAVAILABLE } from "./exit.ts";
import { print, readNamespaceFile } from "./namespace-file.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = {
  readonly endpoint?: ReadonlyMap<string, string>;
  readonly dataCenter: string;
  readonly copies?: number;
  readonly json?: boolean;
};

/** What became of a namespace. */
type Provisioned = {
  readonly namespace: string;
  readonly status: "ready" | "refused" | "unavailable";
  /** `address table`, the primary's first. */
  readonly places: readonly string[];
  /** One line for each thing that is not as wanted. */
  readonly why: readonly string[];
};

const EXAMPLES = `
An address is host:port for a CASSANDRA, http://host:port or 'aws' for a DYNAMODB, a folder for a ROCKSDB. A Cassandra
or DynamoDB without one is that of 'kvdal engines': KVDAL_CASSANDRA, KVDAL_DYNAMODB, a container or a process.
A dataset is a keyspace on Cassandra, and the beginning of the tables' names on DynamoDB.
Tables that exist are looked at, never changed but for the time that Cassandra keeps tombstones.

Examples:
  kvdal provision namespaces.yaml --endpoint cassandra_kv_ngsegment=10.0.0.7:9042 --data-center us-east-1
  kvdal provision namespaces.yaml --copies 1   on the engines of this machine, making keyspaces that are missing

Exit codes: 0 all tables are ready, 1 flaws or a table that is another, 2 wrong usage, 3 an engine is not available.`;

/** The command. */
export function provisionCommand(): Command {
  return new Command("provision")
    .description("Makes the tables of a configuration of namespaces.")
    .argument("<file>", "the configuration")
    .option("--endpoint <cluster=address>", "where a cluster is; once for each", addEndpoint)
    .option(
      "--data-center <name>",
      "the data centre of Cassandra that is written to",
      "datacenter1",
    )
    .option(
      "--copies <n>",
      "make keyspaces that are missing, with so many copies",
      wholeNumber(1, 9),
    )
    .option("--json", "print the result as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: Options) => {
      process.exitCode = await provisionFile(file, options);
    });
}

function addEndpoint(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError("Wanted CLUSTER=ADDRESS.");
  }
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}

async function provisionFile(file: string, options: Options): Promise<number> {
  const { json = false, endpoint: endpoints = new Map(), dataCenter, copies } = options;
  const reading = await readNamespaceFile(file);
  if (reading.kind === "refused") {
    const { problems } = reading;
    if (json) print([JSON.stringify({ file, ok: false, problems, namespaces: [] }, undefined, 2)]);
    else print(problems.map((problem) => problemLine(problem, file)));
    return EXIT_FAILED;
  }
  const clusters = await clusterEngines(reading.namespaces, { endpoints, dataCenter, copies });
  const done = await provisionAll(reading.namespaces, clusters);
  const ok = done.every(({ status }) => status === "ready");
  if (json) print([JSON.stringify({ file, ok, problems: [], namespaces: done }, undefined, 2)]);
  else print(done.flatMap(lines));
  if (ok) return 0;
  return done.some(({ status }) => status === "unavailable") ? EXIT_UNAVAILABLE : EXIT_FAILED;
}

function lines({ namespace, status, places, why }: Provisioned): readonly string[] {
  const head = `${status.padEnd(11)}  ${namespace}: ${places.join(", ")}`;
  return [head, ...why.map((line) => `             ${line}`)];
}

async function provisionAll(
  namespaces: readonly NamespaceConfig[],
  clusters: readonly ClusterEngine[],
): Promise<readonly Provisioned[]> {
  const env = systemEnv();
  const engines: Record<string, StorageEngine> = {};
  const down = new Map<string, string>();
  try {
    for (const { key, adapter } of clusters) {
      try {
        engines[key] = await adapter.open({ env, native: runNative });
      } catch (error) {
        down.set(key, asKvError(error).message);
      }
    }
    const done: Provisioned[] = [];
    for (const config of namespaces) done.push(await provisionOne(config, clusters, engines, down));
    return done;
  } finally {
    for (const engine of Object.values(engines)) await engine.close();
    for (const { release } of clusters) await release();
  }
}

async function provisionOne(
  config: NamespaceConfig,
  clusters: readonly ClusterEngine[],
  engines: EnginesByCluster,
  down: ReadonlyMap<string, string>,
): Promise<Provisioned> {
  const env = systemEnv();
  const { options, primary, chunks, shadow } = config;
  const namespace = options.name;
  const tiers = [primary, chunks, shadow].filter((tier) => tier !== undefined);
  const places = tiers.map((tier) => {
    const cluster = clusters.find(({ key }) => key === keyOf(tier));
    return `${cluster?.address} ${tier.table}`;
  });
  const missing = tiers.flatMap((tier) => down.get(keyOf(tier)) ?? []);
  if (missing.length > 0) return { namespace, status: "unavailable", places, why: missing };
  const why: string[] = [];
  const onShadow = (_name: string, { what }: { readonly what: string }): unknown =>
    why.push(`shadow: ${what}`);
  try {
    const routed = routeNamespace(config, { env, engines, onShadow });
    await provisionNamespace(routed.namespace, env);
    await routed.shadow?.engine.close();
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    const status = error.code === "UNAVAILABLE" ? "unavailable" : "refused";
    return { namespace, status, places, why: [error.message, ...why] };
  }
  return { namespace, status: why.length === 0 ? "ready" : "refused", places, why };
}
