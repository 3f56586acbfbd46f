/** A process that plants one bug before anything else is loaded, and then looks for it world by world. */
import type { Failure } from "kvdal/sim";
import { MUTANTS, plantOnLoad } from "kvdal/sim/mutants";
import type { HuntResult } from "./mutants.ts";

const [name = "", seeds = ""] = process.argv.slice(2);
const mutant = MUTANTS.find((candidate) => candidate.name === name);
if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
const isPlanted = plantOnLoad(mutant);

const { runSeeds } = await import("kvdal/sim");
const { openEngine } = await import("./sim/engines.ts");

/** Any oracle may report the rule that the bug is said to break: of a world the first of them alone is the verdict. */
const breaksOwnRule = ({ rule, also }: Failure): boolean =>
  rule === mutant.rule || also.includes(mutant.rule);

const engine = await openEngine(mutant.engine);
try {
  const { failures, counts } = await runSeeds({
    factory: engine.factory,
    cache: mutant.cached === true ? "simulated" : undefined,
    workloads: mutant.workload && [mutant.workload],
    seeds: Array.from({ length: Number(seeds) }, (_, i) => 1 + i),
    twice: false,
    // Real engines are slow: there the first world that fails has to do.
    stopAt: (failure) =>
      failure !== undefined && (mutant.engine !== undefined || breaksOwnRule(failure)),
    cpuMicros: () => 0,
  });
  if (!isPlanted()) throw new Error(`mutant ${name} was never loaded: ${mutant.file}`);
  const own = failures.find(breaksOwnRule);
  const result: HuntResult = { first: failures[0], own, worlds: counts.worlds };
  process.send?.(result);
} finally {
  await engine.stop();
}
