/** The clean-up at the end of a world: nothing is written any more, and everything that is nobody's has to go. */
import { type Micros, MILLISECOND } from "kvdal";
import { CLEAN_UP_KEY, ROUND_TIMEOUT } from "./schedule.ts";
import { graceAfter, type NamespacePlan, settledAfter } from "./workload/namespace-plan.ts";
import { EVENTS } from "./world/event-codes.ts";
import type { SimServer } from "./world/sim-server.ts";
import type { World } from "./world/world.ts";

/** What is cleaned up, and what comes of it. */
export type LastCleanUpParts = {
  readonly world: World;
  readonly namespace: NamespacePlan;
  readonly servers: readonly SimServer[];
  /** When it is over. */
  readonly onDone: () => Promise<void>;
  /** Told of faults of the simulator itself. */
  readonly onFault: (error: unknown) => void;
};

/** Longest that anything that a round began can still be under way, microseconds. */
const SETTLE: Micros = 600 * MILLISECOND;
/** The key of looks and rounds at the end. */
export const LAST_CLEAN_UP: number = CLEAN_UP_KEY + 100_000;

/** Two rounds of clean-up, each when all that it is to find is due. */
export function lastCleanUp({
  world,
  namespace,
  servers,
  onDone,
  onFault,
}: LastCleanUpParts): void {
  const round = (server: SimServer | undefined, turn: number): Promise<void> | undefined =>
    server?.maintain(LAST_CLEAN_UP + turn, ROUND_TIMEOUT).then((error) => {
      if (error !== undefined) world.noteLeft(`what clean-up did not do: ${error.message}`);
    }, onFault);
  const settled = settledAfter(namespace);
  const found = settled + graceAfter(namespace);
  let done: Promise<void> | undefined;
  world.after(settled, EVENTS.firstCleanUp.code, () => void round(servers[0], 1));
  world.after(found, EVENTS.lastCleanUp.code, () => {
    done = round(servers.at(-1), 2);
  });
  // Where much was stored, a round takes longer than anything else does.
  world.after(found + SETTLE, EVENTS.readBack.code, () => {
    Promise.resolve(done).then(onDone).catch(onFault);
  });
}
