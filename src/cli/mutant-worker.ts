/** A thread that plants one bug before anything else is loaded, and then looks for it world by world. */
import { parentPort, workerData } from "node:worker_threads";
import { MUTANTS, plantOnLoad } from "kvdal/sim/mutants";
import type { Hunt, HuntResult } from "./mutants.ts";

const { name, seeds } = workerData as Hunt;
const mutant = MUTANTS.find((candidate) => candidate.name === name);
if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
const isPlanted = plantOnLoad(mutant);

const { runCampaign } = await import("kvdal/sim");
const { openEngine } = await import("./sim.ts");

const engine = await openEngine(mutant.engine);
try {
  const { failures, worlds } = await runCampaign({
    factory: engine.factory,
    firstSeed: 1,
    seeds,
    twice: false,
    stopAtFailure: true,
    cpuMicros: () => 0,
  });
  if (!isPlanted()) throw new Error(`mutant ${name} was never loaded: ${mutant.file}`);
  const result: HuntResult = { failure: failures[0], worlds };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of threads has none
  parentPort?.postMessage(result);
} finally {
  await engine.stop();
}
