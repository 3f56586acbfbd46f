/** Runs a campaign in a worker thread and sends its fingerprint. */
import { parentPort, workerData } from "node:worker_threads";
import { REPLICATED, runCampaign } from "kvdal/sim";

const { seeds } = workerData as { readonly seeds: number };
const result = await runCampaign({
  factory: REPLICATED,
  firstSeed: 1,
  seeds,
  twice: false,
  stopAt: () => false,
  cpuMicros: () => 0,
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of threads has none
parentPort?.postMessage(result.fingerprint);
