/**
 * The real engines that the tests of project `real` talk to. They learn of them by environment
 * variable and skip what they cannot reach; this step provides the variables, and the words to say
 * when it cannot.
 */

export type MissingEngine = {
  readonly engine: string;
  /** Why it is not there, and how to get it: whole sentences. */
  readonly reason: string;
  readonly remedy: string;
};

export type RealEngines = {
  /** Endpoints for the tests: KVDAL_CASSANDRA, KVDAL_DYNAMODB, KVDAL_MEMCACHED. */
  readonly env: Readonly<Record<string, string>>;
  readonly missing: readonly MissingEngine[];
  /** Stops what was started here, and nothing else. */
  stop(): Promise<void>;
};

const VARIABLES: Readonly<Record<string, string>> = {
  cassandra: "KVDAL_CASSANDRA",
  dynamodb: "KVDAL_DYNAMODB",
  memcached: "KVDAL_MEMCACHED",
};

/** Takes the engines that someone already runs. */
export async function setUpRealEngines(): Promise<RealEngines> {
  const missing = Object.entries(VARIABLES)
    .filter(([, variable]) => (process.env[variable] ?? "") === "")
    .map(([engine, variable]) => ({
      engine,
      reason: `${variable} names no endpoint.`,
      remedy: `Start ${engine} and set ${variable}=HOST:PORT.`,
    }));
  return { env: {}, missing, stop: async () => undefined };
}

/** What the last lines of a run say about engines that could not be had. */
export function describeMissing(missing: readonly MissingEngine[], isCi: boolean): string[] {
  if (missing.length === 0) return [];
  const lines = missing.flatMap(({ engine, reason, remedy }) => [
    `  ${engine}: ${reason}`,
    `    ${remedy}`,
    `    Not run without it: every test of ${engine} in test/**/*.real.test.ts.`,
  ]);
  const verdict = isCi ? "This is CI, so the run fails." : "Everything else ran.";
  return [`Real engines that were missing (${verdict})`, ...lines];
}
