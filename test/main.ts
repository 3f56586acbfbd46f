/**
 * `npm test`: everything, on real engines too. A list of steps, each of which says what it counted;
 * the last line is the sum. Reports lie in `.kvdal/test/`.
 *
 * A new part of the test run is a new entry of PLAIN_STEPS or REAL_STEPS, or, if
 * vitest can run it, a `test/**\/*.real.test.ts` that reads its engine's endpoint from the environment.
 */
import { RUN_VARIABLE } from "../conformance/backends/test-run.ts";
import { runChecks, TOOLS } from "./steps/check-parts.ts";
import { addOutcomes, countLine, describeFailures, isRed, type Outcome } from "./steps/outcome.ts";
import { heldLines } from "./steps/held-lines.ts";
import { SEED_VARIABLE, seedOfCheckout } from "./steps/property-seed.ts";
import { describeMissing, type RealEngines, setUpRealEngines } from "./steps/real-engines.ts";
import { REPORT_FOLDER, runVitestProject } from "./steps/vitest-project.ts";

type Step = {
  readonly title: string;
  run(env: RealEngines["env"], signal: AbortSignal): Promise<Outcome>;
};

/** House rules are not among the tools here, since they are tests of the first vitest project. */
const PLAIN_STEPS: readonly Step[] = [
  {
    title: "types, lint, format",
    run: async (_env, signal) => runChecks(TOOLS, signal),
  },
  {
    title: "tests that need nothing but this machine's Node",
    run: async (_env, signal) => runVitestProject({ project: "unit", signal }),
  },
];

/** Run once the real engines are there; their endpoints are in `env`. */
const REAL_STEPS: readonly Step[] = [
  {
    title: "tests on real engines",
    run: async (env, signal) => runVitestProject({ project: "real", env, signal }),
  },
];

const isCi = (process.env["CI"] ?? "") !== "" && process.env["CI"] !== "false";

// What a run under CI starts is its own, so that it can end all of that and nothing that others use.
if (isCi) process.env[RUN_VARIABLE] = String(process.pid);

// A commit has one verdict, wherever CI checks it; a run by hand tries other values each time.
const seed = isCi ? seedOfCheckout() : undefined;
if (seed !== undefined) process.env[SEED_VARIABLE] ??= String(seed);

/** Ctrl-C ends the step that runs, and still stops the engines that were started. */
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => interruption.abort());

async function runSteps(steps: readonly Step[], env: RealEngines["env"]): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    if (interruption.signal.aborted) break;
    console.log(`\n== ${step.title}`);
    const started = performance.now();
    const outcome = await step.run(env, interruption.signal);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    // A colon keeps this apart from the line that ends the run.
    console.log(`== ${step.title}: ${countLine(outcome)} in ${seconds} s`);
    outcomes.push(outcome);
  }
  return addOutcomes(outcomes);
}

async function main(): Promise<number> {
  console.log(`kvdal tests on Node ${process.versions.node}; reports in ${REPORT_FOLDER}/`);
  if (isCi) console.log(`Properties from seed ${process.env[SEED_VARIABLE] ?? "of their own"}.`);
  console.log("First what needs only Node, while the engines boot; then the same claims on them.");
  const lines = heldLines();
  const settingUp = setUpRealEngines(isCi, lines.say);
  const plain = await runSteps(PLAIN_STEPS, {});
  console.log("\n== real engines: Cassandra, DynamoDB Local, memcached (RocksDB needs no server)");
  lines.release();
  const engines = await settingUp;
  try {
    const total = addOutcomes([plain, await runSteps(REAL_STEPS, engines.env)]);
    console.log();
    for (const line of describeFailures(total)) console.log(line);
    for (const line of describeMissing(engines.missing, isCi)) console.log(line);
    if (interruption.signal.aborted) console.log("Interrupted: the remaining steps did not run.");
    console.log(countLine(total));
    const red = isRed(total, engines.missing.length, isCi);
    return red || interruption.signal.aborted ? 1 : 0;
  } finally {
    await engines.stop();
  }
}

process.exitCode = await main();
