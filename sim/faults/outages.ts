/** Nodes that go down by their troubles, and come back. */
import type { Micros } from "kvdal";
import type { WorldBackend } from "../backends/backend.ts";
import { EVENTS } from "../world/event-codes.ts";
import { type Member, takeDown } from "../world/member.ts";
import type { SimNode } from "../world/node.ts";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import type { Trouble } from "./trouble.ts";

/** What of a world can go down. */
export type OutageParts = {
  readonly world: World;
  readonly backend: Pick<WorldBackend, "befall" | "recover">;
};

/** Down by none of the kinds that calls are counted by. */
const OTHERWISE = 0;
const OUTAGE_CODE = EVENTS.outage.code;
const STORM = faultPlace("restart_storm");

/** Schedules what the troubles of a node do to whether it is up, and to what it has stored. */
export function scheduleOutages(member: Member, parts: OutageParts): void {
  for (const trouble of member.node.troubles) {
    if (trouble.kind === "restart_storm") storm(member, trouble);
    else if (STORED.has(trouble.kind)) loss(member.node, trouble, parts);
  }
}

const STORED: ReadonlySet<Trouble["kind"]> = new Set<Trouble["kind"]>([
  "wipe",
  "lost_sync",
  "torn_write",
  "corruption",
]);

function loss(node: SimNode, trouble: Trouble, { world, backend }: OutageParts): void {
  const code = OUTAGE_CODE + node.index;
  world.after(trouble.at, code, () => {
    if (world.isHealed || !node.up || backend.befall === undefined) return;
    world.touches?.down(node.index, OTHERWISE);
    backend.befall(node, trouble);
    world.after(trouble.until - trouble.at, code, () => backend.recover?.(node, trouble));
  });
}

function storm(member: Member, { at, until, by }: Trouble): void {
  for (let down = at; down < until; down += by) downFor(member, down, Math.floor(by / 2));
}

function downFor(member: Member, at: Micros, length: Micros): void {
  const { node } = member;
  const { world } = node;
  const code = OUTAGE_CODE + node.index;
  world.after(at, code, () => {
    if (world.isHealed || !node.up) return;
    const cut = node.work.requests;
    world.touches?.down(node.index, OTHERWISE);
    const comeBack = takeDown(member);
    const { missed } = node;
    world.after(length, code, () => {
      world.tally.count(STORM, cut > 0 || node.missed > missed);
      comeBack();
    });
  });
}
