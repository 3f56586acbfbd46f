/** What follows from the troubles of a plan for its nodes and links. */
import { SimNode } from "../world/node.ts";
import type { World } from "../world/world.ts";
import type { Plan } from "../workload/plan.ts";
import { LinkTroubles } from "./link-troubles.ts";
import { faultPlace } from "./registry/index.ts";
import { LINKS } from "./trouble-groups.ts";

const OFFSET = faultPlace("clock_offset");
const DRIFT = faultPlace("clock_drift");
const COARSE = faultPlace("clock_coarse");
const APART = faultPlace("clock_apart");

/** The nodes of a world, each with its clock and its troubles. */
export function nodesOf(world: World, plan: Plan): readonly SimNode[] {
  countClocks(world, plan);
  return plan.clocks.map((clock, index) => {
    const troubles = plan.troubles.filter(({ node }) => node === index);
    return new SimNode(world, { index, clock, troubles });
  });
}

/** A replica's clock decides nothing. */
function countClocks({ tally }: World, { clocks, topology, troubles }: Plan): void {
  const deciding = topology.clients + topology.servers;
  for (const [node, { offset, driftPpm, resolution }] of clocks.entries()) {
    if (offset !== 0) tally.count(OFFSET, node < deciding);
    if (driftPpm !== 0) tally.count(DRIFT, node < deciding);
    if (resolution > 1) tally.count(COARSE, node < deciding);
  }
  for (const { kind, node } of troubles) {
    if (kind === "clock_apart") tally.count(APART, node < deciding);
  }
}

/** What befalls messages; undefined in a world without such troubles. */
export function linkTroublesOf(
  world: World,
  { troubles, topology }: Plan,
): LinkTroubles | undefined {
  const links = troubles.filter(({ kind }) => LINKS.has(kind));
  return links.length === 0 ? undefined : new LinkTroubles(world, links, topology);
}
