/** Planted bugs in what the coordinator of the simulated replicas takes for granted of nodes and of what they store on. */
import {
  ANEW,
  AWAY,
  COORDINATOR,
  looking,
  NUMBERED,
  onArrival,
  OTHER,
  SINGLE,
} from "./arrivals.ts";
import type { FaultName, TroubleName } from "../faults/registry/names.ts";
import type { Mutant } from "./mutant.ts";

const NODES: readonly Mutant[] = [
  onArrival({
    name: "first-write-after-a-long-outage-is-the-present",
    faults: ["replica_crash"],
    note: AWAY,
    when: "wasAway && !world.isHealed",
  }),
  onArrival({
    name: "coordinator-back-after-long-catches-up",
    faults: ["server_crash"],
    note:
      "const wasAway = server.life !== undefined && server.life !== incarnation && sent - server.seenAt > 61_000;\n" +
      "        if (arrivals === 1 && replica === parts.replicas[2]) [server.life, server.seenAt] = [incarnation, sent];",
    when: "wasAway && !world.isHealed",
  }),
  onArrival({
    name: "replica-of-many-lives-is-written-twice",
    faults: ["restart_storm"],
    note:
      "const { incarnation: life } = replica.node;\n" +
      "        if (replica.lives?.at(-1)?.life !== life) replica.lives = [...(replica.lives ?? []), { life, at: world.now }];\n" +
      "        const before = replica.lives.findLast((one) => life - one.life >= 3);",
    when: "before !== undefined && replica.lives.at(-1).at - before.at < 70_000 && !world.isHealed",
  }),
  onArrival({
    name: "last-act-of-a-server-is-dated-by-replicas",
    faults: ["step_crash"],
    sending:
      "let isCut = false;\n" +
      "      Promise.resolve().then(() => { isCut = server.incarnation !== incarnation; });",
    when: "isCut",
  }),
];

/** What a slow read found is told under a version of its own, where `when` is so as it leaves the replica. */
function onSlowRead(name: string, faults: readonly FaultName[], when: string): Mutant {
  return {
    name,
    family: "dated anew",
    rule: "TOK-4",
    file: COORDINATOR,
    find: "const hear = (): void => arrived(place, reply);",
    replace:
      "const anew = (row) => ({ ...row, version: { ...row.version, time: row.version.time + 1 } });\n" +
      `        const isSo = ${when};\n` +
      "        const hear = (): void => arrived(place, slow > 0 && isSo && reply.rows ? { ...reply, rows: reply.rows.map(anew) } : reply);",
    faults,
  };
}

const STORES: readonly Mutant[] = [
  onArrival({
    name: "slow-sync-is-a-lost-one",
    faults: ["stall"],
    when: "entry.durableAt - world.now > 450",
  }),
  onArrival({
    name: "refused-again-and-again-goes-elsewhere",
    faults: ["read_only"],
    note: "replica.refused = entry.lost ? (replica.refused ?? 0) + 1 : 0;",
    when: "replica.refused >= 6",
    at: OTHER,
  }),
  onArrival({
    name: "refused-now-and-then-goes-elsewhere",
    faults: ["disk_full"],
    note: "replica.refusals = [...(replica.refusals ?? []), entry.lost].slice(-10);",
    when: "entry.lost && replica.refusals.filter((one, i, all) => i > 0 && one !== all[i - 1]).length >= 3",
    at: OTHER,
  }),
  onSlowRead("slow-read-dates-its-rows", ["slow_engine"], "true"),
];

/** A replica that a trouble of that kind is over for is given all that the others have, dated anew. */
function onRecovery(kind: TroubleName, name: string): Mutant {
  const place = '        if (kind !== "torn_write") join(replica, replicas, network);\n';
  return {
    name,
    family: "dated anew",
    rule: "TOK-4",
    file: "sim/backends/replicated/backend.ts",
    find: place,
    replace:
      `        if (kind === "${kind}") for (const { tables } of replicas) for (const [table, records] of tables) ` +
      "for (const [id, record] of records) {\n" +
      "          const puts = mutationsOf(shown(record)).filter((m) => m.kind === 'put').map((m) => " +
      `(${ANEW}));\n` +
      `          if (puts.length > 0) replica.write({ table, id }, puts, 7);\n        }\n${place}`,
    faults: [kind],
  };
}

/** What a replica that goes down has not synced is there when it comes back, dated anew. */
const UNSYNCED: Mutant = {
  name: "what-was-not-synced-is-recovered-as-another",
  family: "dated anew",
  rule: "TOK-4",
  file: "sim/backends/replicated/replica.ts",
  find: "    this.#goDown(isLost);\n",
  replace:
    "    const tail = this.#log.filter(isLost);\n    this.#goDown(isLost);\n" +
    "    for (const { partition, mutations } of tail) {\n" +
    `      const anew = mutations.map((m) => (m.kind === "put" ? ${ANEW} : m));\n` +
    "      this.#log.push({ partition, mutations: anew, durableAt: now, lost: false });\n    }\n",
  faults: ["unsynced_loss"],
};

const RECOVERIES: readonly Mutant[] = [
  onRecovery("wipe", "empty-replica-is-filled-anew"),
  onRecovery("lost_sync", "forgetful-replica-is-filled-anew"),
  onRecovery("corruption", "damaged-replica-is-filled-anew"),
  onRecovery("torn_write", "torn-replica-is-filled-anew"),
];

/** The server's clock shows whole milliseconds, now and when the request came. */
const COARSE = "call.now % 1_000 === 0 && server.wall() % 1_000 === 0";

/** Each needs two kinds of fault at once. */
const TWO: readonly Mutant[] = [
  onArrival({
    name: "second-delivery-past-a-hole-is-another-write",
    faults: ["loss", "duplicate"],
    sending: NUMBERED,
    note: `${looking(SINGLE)}\n        link.hadHole ||= isFound;`,
    when: "arrivals === 2 && link.hadHole",
  }),
  onArrival({
    name: "second-delivery-after-an-outage-is-another-write",
    faults: ["replica_crash", "duplicate"],
    note: `${AWAY}\n        replica.wasAway ||= wasAway;`,
    when: "arrivals === 2 && replica.wasAway",
  }),
  onArrival({
    name: "late-write-past-a-doubled-one-is-dated-anew",
    faults: ["tails", "duplicate"],
    note: "replica.wasDoubled ||= arrivals === 2;",
    when: "world.now - sent > 62_000 && replica.wasDoubled",
  }),
  onArrival({
    name: "second-delivery-by-a-coarse-clock-is-another-write",
    faults: ["clock_coarse", "duplicate"],
    when: `arrivals === 2 && ${COARSE}`,
  }),
  onArrival({
    name: "hole-by-a-coarse-clock-is-made-up",
    faults: ["clock_coarse", "loss"],
    sending: NUMBERED,
    note: looking(SINGLE),
    when: `isFound && ${COARSE}`,
  }),
  onSlowRead("slow-read-by-a-coarse-clock-dates-its-rows", ["slow_engine", "clock_coarse"], COARSE),
];

/** The bugs. */
export const DATED_ANEW: readonly Mutant[] = [...NODES, ...STORES, UNSYNCED, ...RECOVERIES, ...TWO];
