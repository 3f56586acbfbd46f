/**
 * The real engines that the tests of project `real` talk to. They learn of them by environment
 * variable and skip what they cannot reach; this step provides the variables, and the words to say
 * when it cannot.
 */
import type { EngineName, RealEngine, Unavailable } from "../../conformance/backends/backend.ts";
import { engineFacts, engineNames } from "../../conformance/backends/facts.ts";
import { openCluster } from "../../conformance/backends/open-cluster.ts";
import { openEngine, stopEngines } from "../../conformance/backends/real-engines.ts";
import { setupEngines } from "../../conformance/backends/setup.ts";

export type RealEngines = {
  /** For the tests: KVDAL_CASSANDRA, KVDAL_DYNAMODB, KVDAL_MEMCACHED, and KVDAL_CLUSTER, a name. */
  readonly env: Readonly<Record<string, string>>;
  readonly missing: readonly Unavailable[];
  /** Leaves shared engines to the next run, for speed; under CI nothing that this run started stays behind. */
  stop(): Promise<void>;
};

/**
 * Sets up what this machine lacks, says so as it goes, and starts the engines side by side. Never rejects: what goes
 * wrong is a missing engine, with its reason.
 */
export async function setUpRealEngines(
  isCi: boolean,
  say: (line: string) => void,
): Promise<RealEngines> {
  const report = await setupEngines((line) => say(`  ${line}`));
  const answers = await Promise.all(
    engineNames.map(async (name) => (report[name].available ? startEngine(name) : report[name])),
  );
  const opened = answers.filter(
    (answer): answer is RealEngine => answer.available && "endpoint" in answer,
  );
  for (const { engine, provider, endpoint } of opened) {
    say(`  ${engine} answers at ${endpoint().address} (${provider})`);
  }
  const cluster = startCluster(report.cassandra.available, say);
  return {
    env: {
      ...Object.fromEntries(
        opened.map(({ engine, endpoint }) => [engineFacts[engine].variable, endpoint().address]),
      ),
      ...cluster.env,
    },
    missing: answers.filter((answer): answer is Unavailable => !answer.available),
    stop: async () => {
      await cluster.stop();
      await Promise.all(opened.map((engine) => engine.release()));
      if (isCi) await stopEngines();
    },
  };
}

/**
 * Begins to start the three nodes that test/cluster kills, and goes on: they come up while other tests run. Whether
 * they did is seen where they are joined.
 */
function startCluster(
  isWanted: boolean,
  say: (line: string) => void,
): Pick<RealEngines, "env" | "stop"> {
  if (!isWanted) return { env: {}, stop: async () => undefined };
  const name = `kvdal-cluster-test-${process.pid}`;
  const starting = openCluster({ shared: false, commitLogSync: "batch", name }).catch(
    (error: unknown) => say(`  ${name} did not come up: ${String(error)}`),
  );
  return {
    env: { KVDAL_CLUSTER: name },
    stop: async () => {
      const cluster = await starting;
      if (cluster?.available === true) await cluster.release();
    },
  };
}

/** An engine that is set up but does not come up is missing, too; the reason is its error. */
async function startEngine(engine: EngineName): Promise<RealEngine | Unavailable> {
  try {
    return await openEngine(engine);
  } catch (error) {
    const why = `it was set up but did not come up: ${error instanceof Error ? error.message : String(error)}`;
    return { available: false, engine, why, howToGet: "look into its log" };
  }
}

/** What the last lines of a run say about engines that could not be had. */
export function describeMissing(missing: readonly Unavailable[], isCi: boolean): string[] {
  if (missing.length === 0) return [];
  const lines = missing.flatMap(({ engine, why, howToGet }) => [
    `  ${engine}: ${why}`,
    `    To have it: ${howToGet}`,
    `    Not run without it: every test of ${engine} in test/**/*.real.test.ts`,
  ]);
  const verdict = isCi ? "this is CI, so the run fails" : "everything else ran";
  return [`Real engines were missing; ${verdict}:`, ...lines];
}
