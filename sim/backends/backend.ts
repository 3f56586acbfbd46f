/** What stands in the engine's place of a world: simulated replicas, or a real engine. */
import type { Micros } from "kvdal";
import type { StorageEngine } from "kvdal/engine";
import type { RequestPoints } from "../amplify/amplifier.ts";
import type { View } from "../check/history.ts";
import type { WriteOrder } from "../check/order.ts";
import type { Trouble } from "../faults/trouble.ts";
import type { Slowness } from "../faults/slow-engine.ts";
import type { Network } from "../world/network.ts";
import type { SimNode } from "../world/node.ts";
import type { World } from "../world/world.ts";
import type { Plan, Topology } from "../workload/plan.ts";

/** A request while a server works on it: what names its draws, and whose life it belongs to. */
export type RequestScope = {
  readonly server: SimNode;
  readonly key: number;
  /** Monotonic instant of the server. */
  readonly deadline: number;
};

/** The amplification points that a request may meet. */
export function pointsOf(scope: RequestScope): RequestPoints | undefined {
  return scope.server.world.amplifier.of(scope);
}

/** The engine side of one world. */
export type WorldBackend = {
  /** Whether calls are out until their request, or round, is over, whatever deadline of its own each had. */
  readonly callsLastAsRequests: boolean;
  /** Whether the writes of a request to a record take effect together, as the engine declares. */
  readonly writesAtOnce: boolean;
  /** The engine as a server opens it, once a life. */
  readonly openEngine: (server: SimNode) => StorageEngine;
  /** The id under which a record of this world is kept: no other world on the same engine uses it. */
  readonly recordId: (record: number) => string;
  /** Runs a server's work on one request; the signal rides along to the engine. */
  readonly within: <T>(scope: RequestScope, work: (signal: AbortSignal) => T) => T;
  /** A node of the engine goes down, or comes back. */
  readonly crash: (node: SimNode) => void;
  readonly restart: (node: SimNode) => void;
  /** A trouble of what a node of the engine stores on begins, or is over; for engines that have such nodes. */
  readonly befall?: (node: SimNode, trouble: Trouble) => void;
  readonly recover?: (node: SimNode, trouble: Trouble) => void;
  /** Starts whatever brings replicas together after a fault; it is done when the queue is. */
  readonly repair: () => void;
  /** What each replica shows of the record of that id and table; empty where only servers can tell. */
  readonly views: (id: string, table: string) => readonly View[];
  /** By region: since when a majority of its replicas has a write, Infinity for never; of engines that have regions. */
  readonly arrived?: (written: Pick<WriteOrder, "time" | "nonce">) => readonly Micros[];
  /** Why this run proves nothing, if a real engine failed in a way that no plan drew. */
  readonly inconclusive: () => string | undefined;
};

/** Makes the engine side of a world. */
export type BackendFactory = {
  readonly name: string;
  readonly topology: Topology;
  /** Where calls are dear: what a client does in most worlds, which are short; see `planOfSeed`. */
  readonly shortOperations?: number;
  /** Whether its nodes can be in two regions; over any other, a plan of two is run in one. */
  readonly hasRegions?: true;
  readonly create: (
    world: World,
    network: Network,
    engineNodes: readonly SimNode[],
    slowness: Slowness,
    plan: Plan,
  ) => WorldBackend;
};
