import type { EngineName, EngineOptions, Provider, RealEngine, Unavailable } from "./backend.ts";
import { containerProvider } from "./container.ts";
import { dockerClient, LABELS, ourContainers, removeContainer } from "./docker.ts";
import { removeClusters } from "./open-cluster.ts";
import { endpointProvider } from "./endpoint.ts";
import { processProvider } from "./process.ts";
import { endProcess } from "./process-engine.ts";
import { allRecords, removeRecord } from "./process-record.ts";
import { currentRun, mayEnd } from "./test-run.ts";

/** The ways to have an engine, in the order in which they are tried. */
export const providers: readonly Provider[] = [
  endpointProvider,
  containerProvider,
  processProvider,
];

/**
 * A running engine, from the first provider that can give one, or why there is none. Nothing is installed
 * here: that is `setupEngines`. A shared engine of ours that runs already is attached to at once.
 *
 * @throws Error when an engine that is there does not come up: a fault to look into, not an absence.
 */
export async function openEngine(
  engine: EngineName,
  options: EngineOptions = {},
): Promise<RealEngine | Unavailable> {
  for (const provider of providers) {
    const opened = await provider.open(engine, options);
    if (opened !== undefined) return opened;
  }
  return {
    available: false,
    engine,
    why: "no Docker engine answers, and nothing is staged for plain processes",
    howToGet: "install Docker, or as root on Debian: npm test (it says what it sets up)",
  };
}

/** Opens several engines side by side: the slowest boot is the wait, not the sum. */
export function openEngines(
  engines: readonly EngineName[],
  options: EngineOptions = {},
): Promise<readonly (RealEngine | Unavailable)[]> {
  return Promise.all(engines.map((engine) => openEngine(engine, options)));
}

/**
 * Ends engines, shared and private, containers and plain processes: within a test run (KVDAL_RUN) those that it
 * started and no others; outside of any, all that this project started on this machine but those of runs that still go on.
 *
 * @returns how many were ended.
 */
export async function stopEngines(): Promise<number> {
  const client = await dockerClient();
  const own = currentRun();
  const all = client === undefined ? [] : await ourContainers(client);
  const containers = all.filter(({ labels }) => mayEnd(own, labels[LABELS.run]));
  if (client !== undefined) await removeClusters(client, (run) => mayEnd(own, run));
  const records = allRecords().filter(({ run }) => mayEnd(own, run));
  await Promise.all([
    ...containers.map(({ id }) => client && removeContainer(client, id)),
    ...records.map(async (record) => {
      await endProcess(record, "SIGKILL");
      removeRecord(record.name);
    }),
  ]);
  return containers.length + records.length;
}
