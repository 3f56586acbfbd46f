/** Door to the exact costs: everything that is counted, and how a world is asked for it. */
import { KvError } from "kvdal";
import type { ExactFlaw } from "../exact/ask-exactly.ts";
import type { World } from "../world/world.ts";
import { CACHED_READS } from "./cached.ts";
import { CHUNKED } from "./chunked.ts";
import { CLIENTS } from "./clients.ts";
import type { ExactCost } from "./exact-cost.ts";
import { LISTS } from "./lists.ts";
import { LOAD } from "./load.ts";
import { READS } from "./reads.ts";
import { Stage } from "./stage.ts";
import { TOLD } from "./told.ts";
import { WRITES } from "./writes.ts";

/** All of them by the file that they stand in, in this order. */
export const COST_FILES: Readonly<Record<string, readonly ExactCost[]>> = {
  "writes.ts": WRITES,
  "reads.ts": READS,
  "cached.ts": CACHED_READS,
  "chunked.ts": CHUNKED,
  "load.ts": LOAD,
  "clients.ts": CLIENTS,
  "lists.ts": LISTS,
  "told.ts": TOLD,
};

/** All of them; each has a stage of its own. */
export const COSTS: readonly ExactCost[] = Object.values(COST_FILES).flat();

/** What of a difference is told. */
const TEXT_MAX = 600;

/** The first that is not what is known, in a world that is sound, at a node of that number. */
export async function countCosts(world: World, index: number): Promise<ExactFlaw | undefined> {
  for (const { rule, says, ask } of COSTS) {
    const what = await flawOf(ask(await Stage.open(world, index)));
    if (what !== undefined) return { rule, what: `${says}: ${what}`.slice(0, TEXT_MAX) };
  }
  return undefined;
}

/** What is known to be answered is not refused. */
async function flawOf(flaw: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await flaw;
  } catch (error) {
    if (error instanceof KvError) return error.message;
    throw error;
  }
}
