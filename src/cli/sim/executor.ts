/** Whoever runs turns of a campaign: this process, or one of its own for them. */
import {
  type Asked,
  runSeeds,
  seedsAt,
  type Sums,
  type TurnRange,
  type WorldOptions,
} from "kvdal/sim";
import { cpuMicros } from "../cpu-micros.ts";

/** Turns that were done, and what they came to. */
export type Done = { readonly range: TurnRange; readonly sums: Sums };

/** Runs turns, one range at a time. */
export type Executor = {
  /** Does the turns in their order, all of them unless it is told to stop. */
  readonly run: (range: TurnRange) => Promise<Done>;
  /** The world that is under way is the last. */
  readonly stop: () => void;
  readonly close: () => void;
};

/** Runs them in this process. */
export function executorHere(
  asked: Asked,
  engines: Pick<WorldOptions, "factory" | "cache">,
): Executor {
  const { twice, faults, workloads } = asked;
  const of = { faults: faults ?? undefined, workloads: workloads ?? undefined };
  const worlds = { ...engines, twice, ...of };
  let isStopped = false;
  const run = async (range: TurnRange): Promise<Done> => {
    const seeds = seedsAt(asked, range);
    const stopAt = (): boolean => isStopped;
    const sums = await runSeeds({ ...worlds, seeds, stopAt, cpuMicros });
    return { range: { from: range.from, count: sums.counts.worlds }, sums };
  };
  const stop = (): void => {
    isStopped = true;
  };
  return { run, stop, close: () => undefined };
}
