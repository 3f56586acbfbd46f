/** A process that plants one machine-made mutant before anything else is loaded, and then runs worlds until one fails. */
import { readFileSync } from "node:fs";
import { changeOnLoad } from "kvdal/sim/mutants";
import { mutated } from "./mutate/machine-mutant.ts";
import type { MutateMessage, MutateTask } from "./mutate/tasks.ts";
import { watchWorlds } from "./mutate/watchdog.ts";

const tell = (message: MutateMessage): void => {
  process.send?.(message);
};

async function hunt({ mutant, worlds, secondsPerWorld }: MutateTask): Promise<MutateMessage> {
  const root = new URL("../../", import.meta.url);
  // Where that throws, nothing is said of the mutant.
  const source = mutated(mutant, readFileSync(new URL(mutant.file, root), "utf8"));
  const isPlanted = changeOnLoad(new Map([[mutant.file, () => source]]));
  const begin = watchWorlds(secondsPerWorld);
  begin();
  tell({ begun: 0 });
  const { runOne } = await import("./mutate/worlds.ts");
  if (!isPlanted()) return { error: `${mutant.file} is never loaded` };
  for (const [at, world] of worlds.entries()) {
    begin();
    tell({ begun: at });
    const failure = await runOne(world);
    if (failure !== undefined) return { failure };
  }
  return { survived: true };
}

// Nobody waits for it any more.
process.on("disconnect", () => process.exit());

process.once("message", (task: MutateTask) => {
  void hunt(task).then((message) => {
    tell(message);
    process.disconnect();
  });
});
