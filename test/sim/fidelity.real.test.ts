/** The fidelity check against real engines: what simulated ones answer is what those answer whose shape they have. */
import { expect, test } from "vitest";
import { runFidelity } from "../../src/cli/run-fidelity.ts";

const PAIRS: readonly (readonly [pair: string, variable: string, lists: number])[] = [
  ["conditional-dynamodb", "KVDAL_DYNAMODB", 40],
  ["replicated-cassandra", "KVDAL_CASSANDRA", 60],
  ["cache-memcached", "KVDAL_MEMCACHED", 40],
];

for (const [pair, variable, lists] of PAIRS) {
  const isMissing = (process.env[variable] ?? "") === "";
  const why = isMissing ? ` (skipped: ${variable} is not set)` : "";
  test.skipIf(isMissing)(`${pair}: no difference${why}`, { timeout: 120_000 }, async () => {
    const report = await runFidelity(pair, { lists, seed: 1 });
    console.log(`${pair}: ${report.lists} lists, ${report.operations} operations`);
    expect(report.differences).toEqual([]);
    expect(report.operations).toBeGreaterThan(5 * lists);
  });
}
