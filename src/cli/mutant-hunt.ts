/** A process that plants one bug before anything else is loaded, and then looks for it world by world. */
import { plantPoints } from "kvdal/sim/amplify";
import { MUTANTS, plantOnLoad } from "kvdal/sim/mutants";
import { cpuMicros } from "./cpu-micros.ts";
import type { HuntMessage, HuntTask } from "./mutants/hunt.ts";

const task = JSON.parse(process.argv[2] ?? "{}") as HuntTask;
const mutant = MUTANTS.find(({ name }) => name === task.name);
if (mutant === undefined) throw new Error(`no mutant is called ${task.name}`);
const isPlanted = plantOnLoad(mutant);
plantPoints();

const { Hunter } = await import("./mutants/hunt-worlds.ts");
const { engineOf, openEngine } = await import("./sim/engines.ts");

const tell = (message: HuntMessage): void => {
  process.send?.(message);
};

const engine = await openEngine(engineOf(mutant));
try {
  const hunter = new Hunter(mutant, engine.factory, cpuMicros);
  const hunt = task.known ?? (await hunter.hunt(task));
  if (task.known === undefined && !isPlanted()) {
    throw new Error(`mutant ${mutant.name} was never loaded: ${mutant.file}`);
  }
  tell({ hunt });
  if (task.ablate) {
    for await (const ablation of hunter.ablate(hunt, task.knownKinds)) tell({ ablation });
  }
} finally {
  await engine.stop();
}
