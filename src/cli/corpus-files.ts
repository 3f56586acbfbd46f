/** The corpus: small plans of failures that were mended, or of planted bugs, kept in the tree and run before others. */
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { CorpusFailure } from "kvdal/sim";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { overSides } from "./failing-plan.ts";
import { readPlanFile } from "./read-plan-file.ts";

/** A plan of the corpus. */
export type CorpusPlan = {
  readonly name: string;
  readonly path: string;
  readonly kept: KeptPlan;
};

const FOLDER = new URL("../../sim/corpus/", import.meta.url);

/** All of it, by name; none in an installed package, which is without. */
export async function corpusPlans(): Promise<readonly CorpusPlan[]> {
  let files: readonly string[];
  try {
    files = await readdir(FOLDER);
  } catch {
    return [];
  }
  const plans = files.filter((file) => file.endsWith(".json")).toSorted();
  return Promise.all(
    plans.map(async (file) => {
      const path = fileURLToPath(new URL(file, FOLDER));
      return { name: file.replace(/\.json$/, ""), path, kept: await readPlanFile(path) };
    }),
  );
}

/** Runs them over the simulated engines that they are for: all should pass, with the code as it is. */
export async function failingInCorpus(
  plans: readonly CorpusPlan[],
): Promise<readonly CorpusFailure[]> {
  const failures: CorpusFailure[] = [];
  for (const { name, path, kept } of plans) {
    const { engine, cache, plan } = kept;
    const { violation } = await overSides(engine, cache, ({ watch }) => watch(plan));
    if (violation === undefined) continue;
    const { rule, what, operations } = violation;
    const { failure, reason } = kept;
    failures.push({ name, path, rule, what, operations, keptFor: failure.rule, reason });
  }
  return failures;
}
