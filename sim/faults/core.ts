/**
 * The minimal core: once clients have done their work, the links are whole, one server and a majority of the replicas are
 * up, and everybody else is gone. That has to do: what is asked of it is answered, and soon (liveness).
 */
import { type Micros, MILLISECOND } from "kvdal";
import { chance, type KeyedRandom } from "../world/keyed-random.ts";
import type { Operation } from "../workload/operation.ts";
import type { Topology } from "../workload/plan.ts";
import type { SlowEnginePlan } from "./slow-engine.ts";
import type { Trouble } from "./trouble.ts";
import { LOSSES } from "./trouble-groups.ts";

/** Who is left, of the servers and of the replicas, each counted from 0. */
export type CorePlan = { readonly server: number; readonly withoutReplica: number };

/** One world in so many is asked for a core. */
const CORE_IN = 4;
/** A reader that has less time cannot wait until another replica is asked in place of one that is gone. */
const READ_LEAST: Micros = 15 * MILLISECOND;

/** Draws the core of a world; undefined where it has none. */
export function drawCore(
  random: KeyedRandom,
  parts: {
    readonly topology: Topology;
    readonly slowEngine: SlowEnginePlan;
    readonly troubles: readonly Trouble[];
  },
): CorePlan | undefined {
  const { topology, slowEngine, troubles } = parts;
  const { clients, servers, replicas, engine } = topology;
  // Rows of a conditional engine lie on one node each: none of them can be spared.
  const isSpared = engine === undefined && servers > 1 && replicas > 2;
  const { levels, change } = slowEngine;
  const isHurried = [levels, change.levels].some(
    ({ readMax }) => readMax > 0 && readMax < READ_LEAST,
  );
  if (!chance(random, 1, CORE_IN) || isHurried || !isSpared) return undefined;
  const server = random.below(servers);
  const any = random.below(replicas);
  // One that has lost something may still be in want of all others.
  const damaged = troubles.find(({ kind }) => LOSSES.has(kind))?.node;
  return { server, withoutReplica: damaged === undefined ? any : damaged - clients - servers };
}

/** Operations of the core are numbered from here on. */
export const CORE_FIRST = 800_000;
/** Most records that it is asked about. */
const RECORDS_MAX = 2;

/** What is asked of the core: a put, and then a read of what was put, of each record. */
export function coreOperations(records: number): readonly Operation[] {
  const common = { think: 0, giveUp: 0 };
  return Array.from({ length: Math.min(records, RECORDS_MAX) }, (_, record) => record).flatMap(
    (record): readonly Operation[] => [
      {
        ...common,
        index: CORE_FIRST + 2 * record,
        record,
        kind: "put",
        items: [{ key: 0, bytes: 8 }],
        ttl: 0,
      },
      { ...common, index: CORE_FIRST + 2 * record + 1, record, kind: "get", keys: [0] },
    ],
  );
}
