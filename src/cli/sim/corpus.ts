/** The plans that are kept in the tree, which run before a campaign does. */
import type { CorpusFailure } from "../corpus-files.ts";
import { plantedBug } from "../planted-bug.ts";
import type { SimOptions } from "./options.ts";

/** Plans that were run before all others, and those of them that fail. */
export type CorpusRun = { readonly plans: number; readonly failing: readonly CorpusFailure[] };

/** The corpus goes before plain campaigns over simulated replicas, of several shards the first; one world goes alone. */
export async function runCorpus(options: SimOptions): Promise<CorpusRun> {
  const { corpus, seed, engine, cache, faults, workload, shard } = options;
  const isPlain = [seed, engine, cache, faults, workload].every((option) => option === undefined);
  if (!corpus || !isPlain || shard.index > 0 || plantedBug() !== undefined) {
    return { plans: 0, failing: [] };
  }
  const { corpusPlans, failingInCorpus } = await import("../corpus-files.ts");
  const plans = await corpusPlans();
  return { plans: plans.length, failing: await failingInCorpus(plans) };
}

/** Lines of the summary. */
export function corpusLines({ plans, failing }: CorpusRun): readonly string[] {
  if (plans === 0) return [];
  if (failing.length === 0) return [`Corpus   ${plans} kept plans first: no rule was broken.`];
  return [
    `Corpus   ${failing.length} of ${plans} kept plans broke a rule:`,
    ...failing.flatMap(({ path, rule, what }) => [
      `  ${rule}: ${what}`,
      `    repeat: npm run kvdal -- replay ${path} --no-mutant`,
    ]),
  ];
}
