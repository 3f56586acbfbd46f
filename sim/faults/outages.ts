/** Nodes that go down by their troubles, and come back. */
import type { Micros } from "kvdal";
import type { WorldBackend } from "../backends/backend.ts";
import { EVENTS } from "../world/event-codes.ts";
import type { SimNode } from "../world/node.ts";
import type { SimServer } from "../world/sim-server.ts";
import type { World } from "../world/world.ts";
import { faultPlace } from "./registry/index.ts";
import type { Trouble } from "./trouble.ts";

/** What of a world can go down. */
export type OutageParts = {
  readonly world: World;
  readonly backend: WorldBackend;
  readonly servers: readonly SimServer[];
};

/** Down by none of the kinds that calls are counted by. */
const OTHERWISE = 0;
const OUTAGE_CODE = EVENTS.outage.code;
const STORM = faultPlace("restart_storm");

/** Schedules what the troubles of a node do to whether it is up, and to what it has stored. */
export function scheduleOutages(node: SimNode, parts: OutageParts): void {
  for (const trouble of node.troubles) {
    if (trouble.kind === "restart_storm") storm(node, trouble, parts);
    else if (STORED.has(trouble.kind)) loss(node, trouble, parts);
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

function storm(node: SimNode, { at, until, by }: Trouble, parts: OutageParts): void {
  for (let down = at; down < until; down += by) downFor(node, down, Math.floor(by / 2), parts);
}

function downFor(node: SimNode, at: Micros, length: Micros, parts: OutageParts): void {
  const { world, backend, servers } = parts;
  const code = OUTAGE_CODE + node.index;
  const server = servers.find((candidate) => candidate.node === node);
  world.after(at, code, () => {
    if (world.isHealed || !node.up) return;
    const cut = node.work.requests;
    world.touches?.down(node.index, OTHERWISE);
    if (server === undefined) backend.crash(node);
    else server.crash();
    const { incarnation, missed } = node;
    world.after(length, code, () => {
      world.tally.count(STORM, cut > 0 || node.missed > missed);
      if (node.incarnation !== incarnation) return;
      if (server === undefined) backend.restart(node);
      else server.restart();
    });
  });
}
