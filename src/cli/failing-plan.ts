/** A kept failure on the command line: what it is run over, and the bug that was planted. */
import { type BackendFactory, conclusive, type Plan } from "kvdal/sim";
import type { KeptPlan } from "kvdal/sim/plan-file";
import { type WatchPlan, watchPlans } from "kvdal/sim/shrink";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { plantedBug } from "./planted-bug.ts";
import { rerunPlanted } from "./rerun-planted.ts";
import { isSimulated, withEngines } from "./sim/engines.ts";

/** What all verbs on kept failures may be told. */
export type SideOptions = {
  /** An engine in place of the one that the file names. */
  readonly engine?: string;
  readonly cache?: string;
  /** A bug in place of the one that the file names; false for none. */
  readonly mutant?: string | boolean;
};

/** What a plan is run over. */
export type Sides = {
  readonly engine: string;
  /** Worlds of one process share its tables. */
  readonly isReal: boolean;
  readonly factory: BackendFactory;
  readonly watch: WatchPlan;
};

/**
 * Does the work in a process in which the wanted bug is planted, and no other: in this one, or in another that runs
 * the same command line.
 */
export async function withBug(
  wanted: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  if (wanted === plantedBug()) await work();
  else if (wanted === undefined) throw new Error(`the bug ${plantedBug()} is planted already`);
  else await rerunPlanted(wanted);
}

/**
 * Refuses to run changes of a plan that scans over a real engine: worlds run there before have left their rows in its
 * tables, and a scan would find them.
 */
export function refuseScans(
  plan: Plan,
  { engine, isReal }: Pick<Sides, "engine" | "isReal">,
): void {
  if (!isReal) return;
  if (!plan.operations.flat().some(({ kind }) => kind === "scan")) return;
  const wanted = "wanted one without: kvdal replay runs it once, in tables of its own";
  throw new CliError(EXIT_USAGE, `the plan scans, over the engine ${engine}, ${wanted}`);
}

/** The bug of a kept failure, or the one that is asked for instead. */
export function bugOf(kept: Pick<KeptPlan, "mutant">, { mutant }: SideOptions): string | undefined {
  if (mutant === false) return undefined;
  return typeof mutant === "string" ? mutant : kept.mutant;
}

/** Opens the engine and the cache, does the work over them, and ends what was started. */
export async function overSides<T>(
  engine: string | undefined,
  cache: string | undefined,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  return await withEngines({ engine, cache }, async (open) => {
    const { factory } = open;
    const once = watchPlans(factory, open.cache === "simulated" ? undefined : open.cache);
    const watch: WatchPlan = (plan, how) => conclusive(() => once(plan, how));
    const name = engine ?? factory.name;
    const isReal = !isSimulated({ engine: name });
    return await work({ engine: name, isReal, factory, watch });
  });
}
