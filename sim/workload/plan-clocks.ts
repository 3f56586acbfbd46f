/** What the clocks of a plan can show: the bounds by which oracles judge. */
import type { Micros } from "kvdal";
import { readingAt } from "../faults/clock-troubles.ts";
import type { Trouble } from "../faults/trouble.ts";
import { STEPS, WALL } from "../faults/trouble-groups.ts";
import { type ClockPlan, wallAt } from "../world/node.ts";
import type { Operation } from "./operation.ts";
import type { Plan } from "./plan.ts";

type Bounds = { readonly low: Micros; readonly high: Micros };

/**
 * Bounds of what the servers' clocks can show at a virtual time. Where one is set back, what was shown before is still
 * the most, and what will be shown afterwards the least: a request may have come at any moment of an operation.
 */
export function serverWallOf(plan: Plan): (now: Micros) => Bounds {
  const { clients, servers } = plan.topology;
  const clocks = clocksOf(plan, clients, clients + servers);
  return (now) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { clock, troubles } of clocks) {
      const isSteady = troubles.length === 0;
      const wall = isSteady ? wallAt(clock, now) : shownAt(clock, troubles, now);
      low = Math.min(low, isSteady ? wall : wall - fallAfter(clock, troubles, now));
      high = Math.max(high, isSteady ? wall : wall + fallBefore(clock, troubles, now));
    }
    return { low, high };
  };
}

function shownAt(clock: ClockPlan, troubles: readonly Trouble[], now: Micros): Micros {
  const { time, shift } = readingAt(troubles, now);
  return wallAt(clock, time, shift);
}

/** Most that a clock falls back after `now`, by its troubles. */
function fallAfter(clock: ClockPlan, troubles: readonly Trouble[], now: Micros): Micros {
  return troubles.reduce((sum, each) => (each.until >= now ? sum + fallOf(each, clock) : sum), 0);
}

/** Most that it has fallen back until `now`. */
function fallBefore(clock: ClockPlan, troubles: readonly Trouble[], now: Micros): Micros {
  return troubles.reduce((sum, each) => (each.at <= now ? sum + fallOf(each, clock) : sum), 0);
}

/** A clock that shows multiples of 16 ms falls back by a multiple, the next one at most. */
function fallOf({ kind, by }: Trouble, { resolution }: ClockPlan): Micros {
  return STEPS.has(kind) && by < 0 ? Math.ceil(-by / resolution) * resolution : 0;
}

/** Most that the clients' clocks differ until `now`; a token may be as many microseconds ahead as there are writes. */
export function clientSkewOf(plan: Plan, now: Micros): Micros {
  const clocks = clocksOf(plan, 0, plan.topology.clients);
  const walls = clocks.flatMap(({ clock, troubles }) =>
    [0, now, ...turnsOf(troubles)].map((at) => {
      return shownAt({ ...clock, resolution: 1 }, troubles, at) - at;
    }),
  );
  const coarsest = Math.max(...clocks.map(({ clock }) => clock.resolution));
  const ticks = (operation: Operation): number =>
    operation.kind === "list" ? operation.mutations.length : 1;
  const issued = plan.operations.flat().reduce((sum, operation) => sum + ticks(operation), 0);
  return Math.max(...walls) - Math.min(...walls) + coarsest + issued;
}

/** The instants between which nothing of a clock turns. */
function turnsOf(troubles: readonly Trouble[]): readonly Micros[] {
  return troubles.flatMap(({ at, until }) => [at - 1, at, until - 1, until]);
}

function clocksOf(
  { clocks, troubles }: Plan,
  from: number,
  end: number,
): readonly { readonly clock: ClockPlan; readonly troubles: readonly Trouble[] }[] {
  const ofWall = troubles.filter(({ kind }) => WALL.has(kind));
  return clocks.slice(from, end).map((clock, i) => ({
    clock,
    troubles: ofWall.filter(({ node }) => node === from + i),
  }));
}
