/** What the clocks of a plan can show: the bounds by which oracles judge. */
import type { Micros } from "kvdal";
import { wallAt } from "../world/node.ts";
import type { Operation } from "./operation.ts";
import type { Plan } from "./plan.ts";

/** Bounds of what the servers' clocks can show at a virtual time. */
export function serverWallOf(plan: Plan): (now: Micros) => { low: Micros; high: Micros } {
  const { clients, servers } = plan.topology;
  const clocks = plan.clocks.slice(clients, clients + servers);
  return (now) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const clock of clocks) {
      const wall = wallAt(clock, now);
      if (wall < low) low = wall;
      if (wall > high) high = wall;
    }
    return { low, high };
  };
}

/** Most that the clients' clocks differ until `now`; a token may be as many microseconds ahead as there are writes. */
export function clientSkewOf(plan: Plan, now: Micros): Micros {
  const clocks = plan.clocks.slice(0, plan.topology.clients);
  const exact = clocks.map((clock) => ({ ...clock, resolution: 1 }));
  const walls = [0, now].flatMap((at) => exact.map((clock) => wallAt(clock, at) - at));
  const coarsest = Math.max(...clocks.map((clock) => clock.resolution));
  const ticks = (operation: Operation): number =>
    operation.kind === "list" ? operation.mutations.length : 1;
  const issued = plan.operations.flat().reduce((sum, operation) => sum + ticks(operation), 0);
  return Math.max(...walls) - Math.min(...walls) + coarsest + issued;
}
