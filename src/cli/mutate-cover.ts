/** A process that runs all worlds with the code as it is, and tells which mutants' places each of them executes. */
import { Coverage } from "./mutate/coverage.ts";
import { drawMutants } from "./mutate/draw.ts";
import { NEVER_RUN } from "./mutate/never-run.ts";
import type { CoverMessage } from "./mutate/tasks.ts";

// Nobody waits for it any more.
process.on("disconnect", () => process.exit());

const { mutants } = await drawMutants(Number(process.argv[2]));
const coverage = new Coverage(mutants);

const tell = (message: CoverMessage): void => {
  process.send?.(message);
};

const { allWorlds, runOne } = await import("./mutate/worlds.ts");
const onLoad = coverage.ran();
const worlds = allWorlds();
for (const [i, world] of worlds.entries()) {
  const failure = await runOne(world);
  if (failure !== undefined) throw new Error(`the code as it is fails in ${JSON.stringify(world)}`);
  tell({ world, ran: coverage.ran(), done: i + 1, of: worlds.length });
}
const wrong = [...coverage.filesRun].filter((file) => NEVER_RUN.has(file));
if (wrong.length > 0) throw new Error(`said to be never run, and it is: ${wrong.join(", ")}`);
tell({ onLoad });
process.disconnect();
