/** A world that is left with its minimal core: who is gone, what is asked, and whether it is answered in time. */
import { type KvError, type KvErrorCode, type Micros, MILLISECOND } from "kvdal";
import { coreOperations, type CorePlan } from "./faults/core.ts";
import { regionOf } from "./faults/regions.ts";
import type { Plan } from "./workload/plan.ts";
import type { Member } from "./world/member.ts";
import type { SimClient } from "./world/sim-client.ts";
import type { World } from "./world/world.ts";

/** What of a world is asked. */
export type CoreParts = {
  readonly world: World;
  readonly plan: Plan;
  readonly servers: readonly Member[];
  /** Of the engine. */
  readonly replicas: readonly Member[];
  readonly client: SimClient;
};

/** Longest that a server can still be down, or at work on what it was asked, once faults are over. */
export const CORE_AFTER: Micros = 250 * MILLISECOND;
/** Longest that all of it may take, microseconds: a few times what the slowest answer of a whole world takes. */
const CORE_MAX: Micros = 200 * MILLISECOND;

/** No answers: what a client is told when nobody has taken its call up, or nobody knows what came of it. */
const UNANSWERED: ReadonlySet<KvErrorCode> = new Set([
  "DEADLINE_EXCEEDED",
  "UNAVAILABLE",
  "OUTCOME_UNKNOWN",
  "OVERLOADED",
]);

/** Takes everybody but the core away, asks it, and brings them back. What was not answered, or not in time. */
export async function askCore(core: CorePlan, parts: CoreParts): Promise<string | undefined> {
  const { world, plan, servers, replicas, client } = parts;
  const gone = [
    ...servers.filter((_, place) => place !== core.server),
    ...replicas.filter((_, place) => isSpared(place, core, plan)),
  ];
  for (const member of gone) member.crash();
  const begun = world.now;
  const error = await client.runAt(core.server, coreOperations(plan.records));
  const took = world.now - begun;
  for (const member of gone) member.restart();
  const flaw = flawOf(error, took);
  if (flaw !== undefined) world.noteLeft(`a minimal core that did not answer: ${flaw}`);
  return flaw;
}

/** One replica; where no call needs another region, all of that one, too. */
function isSpared(place: number, core: CorePlan, { topology, regions }: Plan): boolean {
  if (place === core.withoutReplica) return true;
  if (regions?.scope !== "LOCAL") return false;
  const { clients, servers } = topology;
  const at = (node: number): number => regionOf(node, topology, regions);
  return at(clients + servers + place) !== at(clients + core.server);
}

function flawOf(error: KvError | undefined, took: Micros): string | undefined {
  if (error !== undefined && UNANSWERED.has(error.code)) return error.message;
  if (took <= CORE_MAX) return undefined;
  return `it took ${took} µs, wanted at most ${CORE_MAX}`;
}
