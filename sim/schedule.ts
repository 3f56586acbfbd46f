/** What happens in a world by itself, beside its clients: clean-up, appliers, crashes, changes of configuration. */
import { type Micros, MILLISECOND } from "kvdal";
import type { WorldBackend } from "./backends/backend.ts";
import { faultBit } from "./faults/kinds.ts";
import { scheduleOutages } from "./faults/outages.ts";
import { faultPlace } from "./faults/registry/index.ts";
import { differ, serviceLevels } from "./faults/slow-engine.ts";
import type { Plan } from "./workload/plan.ts";
import { EVENTS } from "./world/event-codes.ts";
import { ROUND_KEY } from "./world/log-watch.ts";
import type { Member } from "./world/member.ts";
import type { SimServer } from "./world/sim-server.ts";
import type { World } from "./world/world.ts";

/** What is scheduled, and where. */
export type ScheduleParts = {
  readonly world: World;
  readonly plan: Plan;
  readonly backend: WorldBackend;
  readonly servers: readonly SimServer[];
  /** Them, and those of the engine. */
  readonly members: readonly Member[];
  /** Told of faults of the simulator itself. */
  readonly onFault: (error: unknown) => void;
};

const [SERVER_CRASH, REPLICA_CRASH] = [faultBit("server_crash"), faultBit("replica_crash")];
const LEVELS_CHANGE = faultBit("levels_change");
const COUNTS = {
  server: faultPlace("server_crash"),
  replica: faultPlace("replica_crash"),
  flip: faultPlace("alias_flip"),
  levels: faultPlace("levels_change"),
} as const;
/** Keys of clean-ups, out of reach of those of operations. */
export const CLEAN_UP_KEY = 0x5eed_0000;
/** Time that a round over a real engine has; simulated replicas answer or fail sooner. */
export const ROUND_TIMEOUT: Micros = 400 * MILLISECOND;

/** Schedules all of it, before the world begins. */
export function schedule(parts: ScheduleParts): void {
  const { world, plan, servers } = parts;
  scheduleCleanUps(parts);
  for (const member of parts.members) {
    scheduleCrashes(member, parts);
    if (member.node.troubles.length > 0) scheduleOutages(member, parts);
  }
  for (const { server, at } of plan.flips) {
    world.after(at, EVENTS.flip.code + server, () => {
      world.touches?.flip(server);
      world.tally.count(COUNTS.flip, true);
      servers[server]?.flipAlias();
    });
  }
  const { change, levels } = plan.slowEngine;
  world.after(change.at, EVENTS.levels.code, () => {
    const isOther = differ(levels, change.levels);
    world.tally.count(COUNTS.levels, isOther);
    if (isOther) world.touches?.everywhere(LEVELS_CHANGE);
    for (const server of servers) server.configure(serviceLevels(change.levels));
  });
  if (plan.lists !== undefined) scheduleAppliers(parts, plan.lists);
}

function scheduleCleanUps({ world, plan, servers, onFault }: ScheduleParts): void {
  for (const { at, draw } of plan.namespace.cleanUps) {
    const server = servers[draw % servers.length] as SimServer;
    world.after(at, EVENTS.cleanUp.code, () => {
      server.maintain(CLEAN_UP_KEY + draw, ROUND_TIMEOUT).catch(onFault);
    });
  }
}

function scheduleCrashes(member: Member, { world, plan, servers }: ScheduleParts): void {
  const { node } = member;
  const isServer = servers.some((server) => server === member);
  for (const crash of plan.crashes.filter((each) => each.node === node.index)) {
    let [cut, missed] = [0, 0];
    world.after(crash.at, EVENTS.crash.code + node.index, () => {
      world.touches?.down(node.index, isServer ? SERVER_CRASH : REPLICA_CRASH);
      [cut, missed] = [node.work.requests, node.missed];
      member.crash();
    });
    world.after(crash.until, EVENTS.crash.code + node.index, () => {
      const place = isServer ? COUNTS.server : COUNTS.replica;
      world.tally.count(place, cut > 0 || node.missed > missed);
      member.restart();
    });
  }
}

function scheduleAppliers(
  { world, servers, onFault }: ScheduleParts,
  { rounds, doomedAt }: NonNullable<Plan["lists"]>,
): void {
  for (const { at, draw } of rounds) {
    const server = servers[draw % servers.length] as SimServer;
    world.after(at, EVENTS.round.code, () => {
      server.log?.apply(ROUND_KEY + draw, ROUND_TIMEOUT).catch(onFault);
    });
  }
  for (const [place, at] of doomedAt.entries()) {
    world.after(at, EVENTS.doom.code + place, () => servers[place]?.doom());
  }
}
