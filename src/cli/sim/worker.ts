/** A process that runs worlds of a campaign for another one, which hands out the turns. */
import type { Asked, TurnRange } from "kvdal/sim";
import { plantPoints } from "kvdal/sim/amplify";
import type { EngineNames } from "./engines.ts";
import type { Executor } from "./executor.ts";

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: "begin"; readonly asked: Asked; readonly names: EngineNames }
  | { readonly kind: "run"; readonly range: TurnRange }
  | { readonly kind: "stop" };

plantPoints();

// Ctrl-C reaches every process at a terminal: when to end is said by the one that hands out the turns.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit());

process.on("message", (message: ToWorker) => {
  if (message.kind === "begin") void begin(message);
});

/** A parent that has ended meanwhile is not told: this process ends, too. */
function answer(message: unknown): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

async function run(executor: Executor, range: TurnRange): Promise<void> {
  answer(await executor.run(range));
}

async function begin({ asked, names }: Extract<ToWorker, { kind: "begin" }>): Promise<void> {
  // Loaded now, since the amplification points are in by now.
  const { withEngines } = await import("./engines.ts");
  const { executorHere } = await import("./executor.ts");
  await withEngines(names, async (engines) => {
    const executor = executorHere(asked, engines);
    process.on("message", (message: ToWorker) => {
      if (message.kind === "stop") executor.stop();
      if (message.kind === "run") {
        void run(executor, message.range);
      }
    });
    answer("ready");
    // It ends when its parent does, or lets go of it.
    await new Promise(() => undefined);
  });
}
