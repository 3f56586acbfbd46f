/** What follows from the troubles of a plan for its nodes and links. */
import { SimNode } from "../world/node.ts";
import type { World } from "../world/world.ts";
import type { Plan } from "../workload/plan.ts";
import { type LinkFates, LinkTroubles } from "./link-troubles.ts";
import { RegionLinks } from "./region-links.ts";
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

/** What befalls messages beyond what the network does to all of them; undefined where nothing does. */
export function linkFatesOf(world: World, plan: Plan): LinkFates | undefined {
  const { troubles, topology, regions } = plan;
  const links = troubles.filter(({ kind }) => LINKS.has(kind));
  const troubled = links.length === 0 ? undefined : new LinkTroubles(world, links, topology);
  if (regions === undefined) return troubled;
  const between = new RegionLinks(world, topology, regions);
  return troubled === undefined ? between : both(between, troubled);
}

/** First what lies between regions, then what befalls nodes. */
function both(first: LinkFates, second: LinkFates): LinkFates {
  return {
    concern: (from, to) => first.concern(from, to) || second.concern(from, to),
    fate: (message) => {
      const one = first.fate(message);
      if (one.isLost || !second.concern(message.from, message.to)) return one;
      const other = second.fate({ ...message, latency: message.latency + one.more });
      const again = one.again || other.again;
      return { isLost: other.isLost, more: one.more + other.more, again };
    },
  };
}
