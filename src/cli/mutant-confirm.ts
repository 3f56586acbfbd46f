/**
 * A process that has all planted bugs in it, each behind a switch, and runs the worlds that are known to find them: one
 * with its bug, and before that without any, in which it has to be sound.
 */
import { plantPoints } from "kvdal/sim/amplify";
import { MUTANTS } from "kvdal/sim/mutants";
import { cpuMicros } from "./cpu-micros.ts";
import type { Confirmation, Confirmed } from "./mutants/confirmations.ts";
import { plantSwitched, switchTo } from "./mutants/switches.ts";

plantPoints();
const switchable = plantSwitched(MUTANTS);

const { forgetCosts } = await import("kvdal/sim");
const { Hunter } = await import("./mutants/hunt-worlds.ts");
const { engineOf, openEngine } = await import("./sim/engines.ts");

process.on("message", (task: Confirmation) => {
  // What it rejects for ends the process, and with it the command.
  void confirm(task).then((hunt) => process.send?.({ hunt: hunt ?? null } satisfies Confirmed));
});

async function confirm({ name, seed }: Confirmation): Promise<Confirmed["hunt"]> {
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant === undefined || !switchable.has(name)) return null;
  const engine = await openEngine(engineOf(mutant));
  const hunter = new Hunter(mutant, engine.factory, cpuMicros);
  try {
    forgetCosts();
    if (!(await hunter.isSound(seed))) {
      throw new Error(`the world of seed ${seed}, known to find ${name}, fails without it, too`);
    }
    switchTo(name);
    forgetCosts();
    return (await hunter.confirm(seed)) ?? null;
  } finally {
    switchTo(undefined);
    await engine.stop();
  }
}
