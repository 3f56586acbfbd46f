/** Runs a campaign in a worker thread and sends its fingerprint. */
import { parentPort, workerData } from "node:worker_threads";
import { plantPoints } from "kvdal/sim/amplify";

plantPoints();
const { printOf, REPLICATED, runSeeds } = await import("kvdal/sim");

const { seeds } = workerData as { readonly seeds: number };
const sums = await runSeeds({
  factory: REPLICATED,
  seeds: Array.from({ length: seeds }, (_, i) => 1 + i),
  twice: false,
  stopAt: () => false,
  cpuMicros: () => 0,
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of threads has none
parentPort?.postMessage(printOf(sums));
