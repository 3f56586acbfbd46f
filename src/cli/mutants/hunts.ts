/**
 * Hunts for several bugs, each in a process of its own: a planted bug must not be seen by anything else. Where worlds are
 * known that find them, a few processes go from bug to bug instead, as far as they can.
 */
import { fork } from "node:child_process";
import type { Mutant } from "kvdal/sim/mutants";
import { endOfProcess } from "../end-of-process.ts";
import { programFile } from "../program-file.ts";
import { sideBySide } from "../side-by-side.ts";
import type { HuntMessage, HuntTask, MeasuredNeed } from "./hunt.ts";
import { SharedHunts } from "./shared-hunts.ts";
import type { HuntSettings, HuntState } from "./state-file.ts";
import type { KnownSeeds } from "./known-seeds.ts";
import { type Verdict, verdictOn } from "./verdict.ts";

/** How to hunt, and for what besides. */
export type HuntsOptions = HuntSettings & {
  /** The engine of all these bugs; undefined for the simulated replicas. */
  readonly engine: string | undefined;
  readonly ablate: boolean;
  /** Worlds to try first; undefined where none are. */
  readonly knownSeeds: KnownSeeds | undefined;
};

/** Worlds in which a bug that nobody can find is looked for nevertheless. */
const EQUIVALENT_SEEDS = 100;

/** The verdicts in the order of the bugs, with as many hunts at a time as there are cores; over a real engine one. */
export async function* huntAll(
  mutants: readonly Mutant[],
  state: HuntState,
  options: HuntsOptions,
): AsyncGenerator<Verdict> {
  const { engine, knownSeeds } = options;
  // Over a real engine a world takes as long as the start of a process.
  const shared = knownSeeds && engine === undefined ? new SharedHunts() : undefined;
  const hunt = async (mutant: Mutant): Promise<Verdict> => {
    const task = taskFor(mutant, state, options);
    const quick = await shared?.ask(task);
    if (quick === undefined) return verdictAfterHunt(mutant, task, state);
    return verdictOn(mutant, quick, undefined);
  };
  try {
    yield* sideBySide(mutants, hunt, engine === undefined ? undefined : 1);
  } finally {
    shared?.close();
  }
}

function taskFor(
  { name, equivalent }: Mutant,
  state: HuntState,
  { seeds, trials, seconds, ablate, knownSeeds }: HuntsOptions,
): HuntTask {
  const known = state.of(name);
  return {
    name,
    seeds: equivalent === undefined ? seeds : Math.min(seeds, EQUIVALENT_SEEDS),
    trials,
    cpuSeconds: seconds,
    known: known.hunt,
    ablate,
    knownKinds: known.ablations.map(({ fault }) => fault),
    knownSeed: knownSeeds?.[name],
    needs: false,
  };
}

async function verdictAfterHunt(
  mutant: Mutant,
  task: HuntTask,
  state: HuntState,
): Promise<Verdict> {
  const { name } = mutant;
  if (task.known === undefined || task.ablate) {
    await runHunt(task, (message) => {
      if (!("needs" in message)) state.add(name, message);
    });
  }
  const { hunt, ablations } = state.of(name);
  if (hunt === undefined) throw new Error(`the hunt for ${name} ended with no answer`);
  return verdictOn(mutant, hunt, task.ablate ? ablations : undefined);
}

/** What the kinds of fault that each bug is said to need are to it, in the order of the bugs. */
export function measureAll(
  mutants: readonly Mutant[],
  settings: HuntSettings,
): AsyncGenerator<readonly [Mutant, readonly MeasuredNeed[]]> {
  const { seeds, trials, seconds } = settings;
  return sideBySide(mutants, async (mutant) => {
    const { name } = mutant;
    const unused = { known: undefined, ablate: false, knownKinds: [], knownSeed: undefined };
    const task = { name, seeds, trials, cpuSeconds: seconds, needs: true, ...unused };
    let needs: readonly MeasuredNeed[] | undefined;
    await runHunt(task, (message) => {
      if ("needs" in message) ({ needs } = message);
    });
    if (needs === undefined) throw new Error(`the hunt for ${name} ended with no answer`);
    return [mutant, needs];
  });
}

async function runHunt(task: HuntTask, onMessage: (message: HuntMessage) => void): Promise<void> {
  const program = programFile("../mutant-hunt.ts", import.meta);
  const child = fork(program, [JSON.stringify(task)], { execArgv: process.execArgv });
  child.on("message", (message) => onMessage(message as HuntMessage));
  const { code, signal } = await endOfProcess(child);
  if (code !== 0) throw new Error(`the hunt for ${task.name} ended with ${signal ?? code}`);
}
