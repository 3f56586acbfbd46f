/** The plans that are kept in the tree, which run before a campaign does. */
import type { CorpusRun } from "kvdal/sim";
import { fromHere } from "../from-here.ts";
import { plantedBug } from "../planted-bug.ts";
import type { SimOptions } from "./options.ts";

/** The corpus goes before plain campaigns over simulated replicas, of several shards the first; one world goes alone. */
export async function runCorpus(options: SimOptions): Promise<CorpusRun | undefined> {
  const { corpus, seed, engine, cache, faults, workload, shard } = options;
  const isPlain = [seed, engine, cache, faults, workload].every((option) => option === undefined);
  if (!corpus || !isPlain || shard.index > 0 || plantedBug() !== undefined) {
    return undefined;
  }
  const { corpusPlans, failingInCorpus } = await import("../corpus-files.ts");
  const plans = await corpusPlans();
  if (plans.length === 0) return undefined;
  const failing = await failingInCorpus(plans);
  return {
    plans: plans.length,
    failing: failing.map((plan) => ({ ...plan, path: fromHere(plan.path) })),
  };
}
