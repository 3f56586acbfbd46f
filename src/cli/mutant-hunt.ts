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
const { NeedMeter } = await import("./mutants/need-worlds.ts");
const { engineOf, openEngine } = await import("./sim/engines.ts");

const tell = (message: HuntMessage): void => {
  process.send?.(message);
};

const engine = await openEngine(engineOf(mutant));
try {
  if (task.needs) {
    const meter = new NeedMeter(mutant, engine.factory, cpuMicros);
    tell({ needs: await meter.measure(task) });
  } else await hunt(new Hunter(mutant, engine.factory, cpuMicros));
} finally {
  await engine.stop();
}

async function hunt(hunter: InstanceType<typeof Hunter>): Promise<void> {
  const found = task.known ?? (await hunter.hunt(task));
  if (task.known === undefined && !isPlanted()) {
    throw new Error(`mutant ${task.name} was never loaded`);
  }
  tell({ hunt: found });
  if (!task.ablate) return;
  for await (const ablation of hunter.ablate(found, task.knownKinds)) tell({ ablation });
}
