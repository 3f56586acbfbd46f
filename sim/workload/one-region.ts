/** A plan of two regions without its second one: for engines that have none, and for whoever cuts a failure down. */
import { regionOf } from "../faults/regions.ts";
import type { Plan } from "./plan.ts";

/** All clients, with the servers and replicas of the first region, which are numbered anew; what befell others is gone. */
export function inOneRegion(plan: Plan): Plan {
  const { regions, topology, ...rest } = plan;
  if (regions === undefined) return plan;
  const { clients, servers } = topology;
  const nodes = plan.clocks.map((_, node) => node);
  const kept = nodes.filter((node) => node < clients || regionOf(node, topology, regions) === 0);
  const placeOf = (node: number): number => kept.indexOf(node);
  const isKept = ({ node }: { readonly node: number }): boolean => placeOf(node) >= 0;
  const left = { servers: servers - regions.second.servers };
  return {
    ...rest,
    topology: { ...topology, ...left, replicas: topology.replicas - regions.second.replicas },
    clocks: kept.map((node) => plan.clocks[node] as Plan["clocks"][number]),
    cuts: plan.cuts.map((cut) => ({
      ...cut,
      island: cut.island.map(placeOf).filter((place) => place >= 0),
    })),
    crashes: plan.crashes.filter(isKept).map((crash) => ({ ...crash, node: placeOf(crash.node) })),
    troubles: plan.troubles
      .filter((trouble) => isKept(trouble) && (trouble.other < 0 || placeOf(trouble.other) >= 0))
      .map((trouble) => ({
        ...trouble,
        node: placeOf(trouble.node),
        other: trouble.other < 0 ? trouble.other : placeOf(trouble.other),
      })),
    flips: plan.flips.filter(({ server }) => server < left.servers),
    core: undefined,
  };
}
