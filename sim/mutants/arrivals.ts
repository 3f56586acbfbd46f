/**
 * Planted bugs where a write of the coordinator arrives at a simulated replica: something that it took for granted of its
 * nodes and links does not hold, and it writes again under a version of its own, as engines do that date writes themselves.
 */
import type { FaultName } from "../faults/registry/names.ts";
import type { FaultSwitch } from "../faults/only.ts";
import type { Mutant } from "./mutant.ts";

/** Where these bugs are. */
export const COORDINATOR: string = "sim/backends/replicated/coordinator.ts";
/** Where it is made. */
export const CREATE: string =
  "export function createCoordinator(parts: CoordinatorParts): StorageEngine {\n";
const TAKE =
  "    for (const replica of parts.replicas) {\n" +
  "      const take = (): void => {\n" +
  "        const entry = verb.write(replica, key);\n";

/** The put `m` under a version of its own: a microsecond later than its writer's. */
export const ANEW: string =
  "{ ...m, row: { ...m.row, version: { ...m.row.version, time: m.row.version.time + 1 } } }";

/** Puts that `entry` holds are written again at a replica, a microsecond later. */
function again(replica: string): string {
  return (
    'for (const m of entry.mutations ?? []) if (m.kind === "put") ' +
    `${replica}.write(entry.partition, [${ANEW}], key);`
  );
}

/** What is taken for granted. */
type Assumption = {
  readonly name: string;
  readonly faults: readonly FaultName[];
  readonly without?: readonly FaultSwitch[];
  /** What is noted where a write leaves for a replica, and where it arrives there. */
  readonly sending?: string;
  readonly note?: string;
  /** Where the assumption does not hold. */
  readonly when: string;
  /** Where it is written again. */
  readonly at?: string;
};

/** A bug where a write arrives at a replica. */
export function onArrival(assumption: Assumption): Mutant {
  const { name, faults, without, sending = "", note = "", when, at = "replica" } = assumption;
  return {
    name,
    family: "dated anew",
    rule: "TOK-4",
    file: COORDINATOR,
    find: TAKE,
    replace:
      "    const sent = world.now;\n" +
      "    for (const replica of parts.replicas) {\n" +
      `      let arrivals = 0;\n      ${sending}\n` +
      "      const take = (): void => {\n" +
      "        const entry = verb.write(replica, key);\n" +
      `        arrivals += 1;\n        ${note}\n        if (${when}) ${again(at)}\n`,
    faults,
    ...(without === undefined ? {} : { without }),
  };
}

/** Another replica than the one that it arrives at. */
export const OTHER: string = "parts.replicas.find((other) => other !== replica)";

/** Writes of a server to a replica are numbered; what has not arrived after so long never will. */
export const NUMBERED: string =
  "const links = (replica.links ??= new Map());\n" +
  "      if (!links.has(server)) links.set(server, { sent: [], got: new Set(), heard: [], lives: [], looked: 1 });\n" +
  "      const link = links.get(server);\n" +
  "      const turn = link.sent.push(sent) - 1;\n" +
  "      link.heard[turn] = acknowledged;\n" +
  "      link.lives[turn] = incarnation;";

/** Looks at every number once that is old enough, and says of which kind it finds one. */
export function looking(condition: string, after = 205_000): string {
  return (
    "link.got.add(turn);\n" +
    "        let isFound = false;\n" +
    "        const hasHole = (u) => !link.got.has(u) && link.got.has(u - 1);\n" +
    `        while (world.now - (link.sent[link.looked + 12] ?? Infinity) > ${after}) {\n` +
    "          const u = (link.looked += 1);\n" +
    `          if (${condition}) isFound = true;\n` +
    "        }"
  );
}

/** One write is missing between two that were sent within four milliseconds: no cut is so short. */
export const SINGLE: string =
  "hasHole(u) && link.got.has(u + 1) && link.sent[u + 1] - link.sent[u - 1] < 4_000";
/** Several in a row are missing. */
export const RUN: string = "hasHole(u) && [1, 2, 3].every((more) => !link.got.has(u + more))";
/** Several in a row have arrived, and their acknowledgements have not. */
export const UNHEARD_RUN: string =
  "(link.refuses ||= entry.lost, !link.refuses) && replica.node.incarnation === 0 && " +
  "[0, 1, 2, 3, 4].every((more) => link.got.has(u + more) && !link.heard[u + more].has(replica)) && " +
  "link.lives[u] === link.lives[u + 6]";

/** Kinds of fault by which a write comes later than it should. */
const LATE: readonly FaultSwitch[] = [
  "tails",
  "tails_exponential",
  "tails_bimodal",
  "reorder",
  "clog",
  "swizzle",
  "slow_node",
  "pause",
];
/** The other kinds. */
export const lateBut = (kind: FaultSwitch): readonly FaultSwitch[] =>
  LATE.filter((one) => one !== kind);

/** The first write that arrives after a replica was down for longer than any but a crash lasts. */
export const AWAY: string =
  "const { incarnation: life } = replica.node;\n" +
  "        const wasAway = replica.life !== undefined && replica.life !== life && world.now - replica.seenAt > 61_000;\n" +
  "        [replica.life, replica.seenAt] = [life, world.now];";
