/** A process that plants one bug before anything else is loaded, and then looks for it world by world. */
import { MUTANTS, plantOnLoad } from "kvdal/sim/mutants";
import type { HuntResult } from "./mutants.ts";

const [name = "", seeds = ""] = process.argv.slice(2);
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
    seeds: Number(seeds),
    twice: false,
    stopAtFailure: true,
    cpuMicros: () => 0,
  });
  if (!isPlanted()) throw new Error(`mutant ${name} was never loaded: ${mutant.file}`);
  const result: HuntResult = { failure: failures[0], worlds };
  process.send?.(result);
} finally {
  await engine.stop();
}
