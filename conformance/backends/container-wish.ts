import type { ContainerRuntimeClient } from "testcontainers";
import type { EngineName, EngineOptions, Unavailable } from "./backend.ts";
import { localImage, shortHash } from "./docker.ts";
import { engineFacts } from "./facts.ts";
import { currentRun } from "./test-run.ts";

/** Everything that decides which container is wanted. */
export type Wish = {
  readonly engine: EngineName;
  readonly imageId: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly shared: boolean;
  /** The test run that it belongs to; undefined outside of any. */
  readonly run: string | undefined;
  readonly name: string;
};

let privateCount = 0;

/**
 * Works out the container for an engine and its options, or why there can be none.
 */
export async function makeWish(
  client: ContainerRuntimeClient,
  engine: EngineName,
  options: EngineOptions,
): Promise<Wish | Unavailable> {
  const image = await localImage(client, engineFacts[engine].image);
  const sync = options.commitLogSync ?? "periodic";
  if (engine === "cassandra" && sync === "batch" && image?.recipe === undefined) {
    return batchNeedsOurImage(engine);
  }
  const shared = options.shared ?? true;
  const environment = engine === "cassandra" ? cassandraEnvironment(sync, shared) : {};
  const words = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const run = currentRun();
  // The name of a shared container is its identity: two commands that start at once cannot make two.
  const suffix = shared
    ? shortHash([image?.id ?? "", ...words, ...(run === undefined ? [] : [run])])
    : `${process.pid}-${(privateCount += 1)}`;
  const name = `kvdal-${engine}-${suffix}`;
  return { engine, imageId: image?.id, environment, shared, run, name };
}

// The official image reads all but the last two; ours all but the sizes. Its own defaults hold where ours are the same.
function cassandraEnvironment(sync: string, shared: boolean): Readonly<Record<string, string>> {
  return {
    CASSANDRA_BROADCAST_RPC_ADDRESS: "127.0.0.1",
    MAX_HEAP_SIZE: "1G",
    HEAP_NEWSIZE: "128M",
    KVDAL_COMMITLOG_SYNC: sync,
    // Nobody kills what is shared. Others may, and find their tables again.
    KVDAL_SCHEMA_FLUSH: shared ? "false" : "true",
  };
}

function batchNeedsOurImage(engine: EngineName): Unavailable {
  return {
    available: false,
    engine,
    why: "a commit log with batch sync needs the image that this project builds",
    howToGet: "as root on Debian: docker image rm cassandra:5.0 && npm run images",
  };
}
