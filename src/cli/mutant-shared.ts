/**
 * A process that has all planted bugs in it, each behind a switch, and goes from bug to bug. A world that is known to find
 * one runs without it first, and has to be sound.
 */
import { plantPoints } from "kvdal/sim/amplify";
import { MUTANTS, type Mutant } from "kvdal/sim/mutants";
import { cpuMicros } from "./cpu-micros.ts";
import type { HuntTask } from "./mutants/hunt.ts";
import type { SharedAnswer } from "./mutants/shared-hunts.ts";
import { plantSwitched, switchTo } from "./mutants/switches.ts";

plantPoints();
const switchable = plantSwitched(MUTANTS);

const { forgetCosts } = await import("kvdal/sim");
const { Hunter } = await import("./mutants/hunt-worlds.ts");
const { engineOf, openEngine } = await import("./sim/engines.ts");

process.on("message", (task: HuntTask) => {
  // What it rejects for ends the process, and with it the command.
  void answerTo(task).then((answer) => process.send?.(answer));
});

async function answerTo(task: HuntTask): Promise<SharedAnswer> {
  const mutant = MUTANTS.find(({ name }) => name === task.name);
  if (mutant === undefined || !switchable.has(mutant.name)) return { hunt: null };
  const engine = await openEngine(engineOf(mutant));
  try {
    const hunter = new Hunter(mutant, engine.factory, cpuMicros);
    const { knownSeed } = task;
    if (knownSeed !== undefined) return await confirmed(mutant, hunter, knownSeed);
    return mutant.equivalent === undefined ? { hunt: null } : await unfound(mutant, hunter, task);
  } finally {
    setBug(undefined);
    await engine.stop();
  }
}

async function confirmed(
  { name }: Mutant,
  hunter: InstanceType<typeof Hunter>,
  seed: number,
): Promise<SharedAnswer> {
  setBug(undefined);
  if (!(await hunter.isSound(seed))) {
    throw new Error(`the world of seed ${seed}, known to find ${name}, fails without it, too`);
  }
  setBug(name);
  return { hunt: (await hunter.confirm(seed)) ?? null };
}

/** A bug that nobody can find; one that was found is looked for once more where nothing else can have been the cause. */
async function unfound(
  { name }: Mutant,
  hunter: InstanceType<typeof Hunter>,
  task: HuntTask,
): Promise<SharedAnswer> {
  setBug(name);
  const hunt = await hunter.hunt(task);
  return { hunt: hunt.first === undefined ? hunt : null };
}

function setBug(name: string | undefined): void {
  switchTo(name);
  forgetCosts();
}
