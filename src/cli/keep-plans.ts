/** Writes plan files, one a failing world. */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type BackendFactory,
  type Failure,
  type FaultSwitch,
  planOfSeed,
  type RealCacheFactory,
  type WorkloadName,
} from "kvdal/sim";
import { encodePlanFile } from "kvdal/sim/plan-file";
import { codeVersion } from "./code-version.ts";
import { plantedBug } from "./planted-bug.ts";

/** Where plans are kept, and what they failed over. */
export type Keeping = {
  readonly folder: string;
  /** As it is named on the command line. */
  readonly engine: string;
  readonly factory: BackendFactory;
  readonly cache: RealCacheFactory | "simulated" | undefined;
  /** Kinds of fault that worlds could have; undefined for all. */
  readonly faults: readonly FaultSwitch[] | undefined;
  /** Whose workloads they had, by turns; undefined for no consumer's. */
  readonly workloads: readonly WorkloadName[] | undefined;
  /** Takes in the file of each seed as it is written. */
  readonly kept: Map<number, string>;
};

/** Writes the plan of every failure whose world came to its end. */
export async function keepPlans(
  failures: readonly Failure[],
  { folder, engine, factory, cache, faults, workloads, kept }: Keeping,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const code = await codeVersion();
  for (const { seed, fingerprint, kind, ...failure } of failures) {
    if (kind === "crash") continue;
    const text = encodePlanFile({
      failure,
      fingerprint,
      engine,
      cache: cache === "simulated" ? undefined : cache?.name,
      mutant: plantedBug(),
      code,
      reason: "",
      plan: planOfSeed(seed, { factory, isCached: cache !== undefined, faults, workloads }),
    });
    const file = join(folder, fileName(failure.rule, seed, engine));
    await writeFile(file, text);
    kept.set(seed, file);
  }
}

function fileName(rule: string, seed: number, engine: string): string {
  // A file is named by its path.
  const name = basename(engine)
    .replace(/\.[cm]?[jt]s$/, "")
    .replaceAll(/[^\w-]+/g, "-");
  const over = engine === "replicated" ? "" : `-${name}`;
  return `${rule.toLowerCase()}-${seed}${over}.json`;
}
