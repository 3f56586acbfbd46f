/** Runs a campaign in a worker thread and sends its fingerprint. */
import { parentPort, workerData } from "node:worker_threads";
import { plantPoints } from "kvdal/sim/amplify";
import type { SAME_WORLDS } from "./same-worlds.ts";

plantPoints();
const { printOf, REPLICATED, REPLICATED_SHORT, runSeeds } = await import("kvdal/sim");

const { engine, seeds } = workerData as (typeof SAME_WORLDS)[number];
const sums = await runSeeds({
  factory: engine === "replicated" ? REPLICATED : REPLICATED_SHORT,
  seeds: Array.from({ length: seeds }, (_, i) => 1 + i),
  twice: false,
  stopAt: () => false,
  cpuMicros: () => 0,
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of threads has none
parentPort?.postMessage(printOf(sums));
