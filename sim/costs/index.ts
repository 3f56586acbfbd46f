/** Door to the exact costs: everything that is counted, and how a world is asked for it. */
import { type ExactFlaw, filed, firstExactFlaw, type Filed } from "../exact/exact-flaw.ts";
import type { World } from "../world/world.ts";
import { CACHED_READS } from "./cached.ts";
import { CHUNKED } from "./chunked.ts";
import { CLIENTS } from "./clients.ts";
import type { ExactCost } from "./exact-cost.ts";
import { LISTENERS } from "./listeners.ts";
import { LISTS } from "./lists.ts";
import { LOAD } from "./load.ts";
import { READS } from "./reads.ts";
import { Stage } from "./stage.ts";
import { TOKENS } from "./tokens.ts";
import { TOLD } from "./told.ts";
import { WRITES } from "./writes.ts";

/** All of them by the file that they stand in, in this order; each has a stage of its own. */
export const COSTS: readonly Filed<ExactCost>[] = filed("sim/costs", {
  "writes.ts": WRITES,
  "reads.ts": READS,
  "cached.ts": CACHED_READS,
  "chunked.ts": CHUNKED,
  "load.ts": LOAD,
  "clients.ts": CLIENTS,
  "tokens.ts": TOKENS,
  "listeners.ts": LISTENERS,
  "lists.ts": LISTS,
  "told.ts": TOLD,
});

/** What of a difference is told. */
const TEXT_MAX = 600;

/** The first that is not what is known, in a world that is sound, at a node of that number. */
export function countCosts(world: World, index: number): Promise<ExactFlaw | undefined> {
  return firstExactFlaw(COSTS, async ({ ask }) => ask(await Stage.open(world, index)), TEXT_MAX);
}
