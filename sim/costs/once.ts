/**
 * What calls cost, counted once a process: in a world of its own, whose seed is always the same, it follows from the code
 * alone, so that every plan that asks for it is told the same.
 */
import type { ExactFlaw } from "../exact/exact-flaw.ts";
import { EVENTS } from "../world/event-codes.ts";
import { runWorld } from "../world/run-loop.ts";
import { World } from "../world/world.ts";
import { countCosts } from "./index.ts";

/** What the counting came to. */
export type Counted = {
  /** False where a call never came to its end. */
  readonly isDone: boolean;
  readonly flaw: ExactFlaw | undefined;
  /** What was still there at its end (RES-1). */
  readonly left: readonly string[];
};

const SEED = 1;

let counted: Promise<Counted> | undefined;

/** The same each time. Rejects for what is no error of the product, as a mistake of the simulator is none. */
export function costsOfCode(): Promise<Counted> {
  return (counted ??= countBy((world) => countCosts(world, 0)));
}

/** They are counted anew: for a process whose code is another one from now on. */
export function forgetCosts(): void {
  counted = undefined;
}

/** By whatever counts, in a new world with nothing else in it. */
export async function countBy(
  count: (world: World) => Promise<ExactFlaw | undefined>,
): Promise<Counted> {
  const world = new World(SEED);
  let isDone = false;
  let flaw: ExactFlaw | undefined;
  let fault: { readonly error: unknown } | undefined;
  world.after(0, EVENTS.begin.code, () => {
    count(world).then(
      (found) => {
        flaw = found;
        isDone = true;
      },
      (error: unknown) => {
        fault = { error };
      },
    );
  });
  await runWorld(world);
  if (fault !== undefined) throw fault.error;
  return { isDone, flaw, left: world.left };
}
