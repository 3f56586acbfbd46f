/** Planted bugs that need a fault of their own: each stands in the registry of faults beside the one that reveals it. */
import type { Mutant } from "./mutant.ts";

/** The bugs. */
export const FAULT_BUGS: readonly Mutant[] = [
  {
    name: "write-needs-all-replicas",
    family: "liveness",
    rule: "RES-1",
    file: "sim/backends/replicated/coordinator.ts",
    find: "writeTo(reach(parts, call), parts, call, writeVerb(partition, mutations))",
    replace: "writeTo(everybody(parts), parts, call, writeVerb(partition, mutations))",
  },
  {
    name: "wiped-replica-answers-at-once",
    family: "recovery",
    rule: "TOK-5",
    file: "sim/backends/replicated/backend.ts",
    find: 'if (kind !== "torn_write") join(replica, replicas, network);',
    replace:
      'if (kind === "wipe") replica.isWhole = true; else if (kind !== "torn_write") join(replica, replicas, network);',
  },
  {
    name: "lost-writes-are-not-made-up",
    family: "recovery",
    rule: "DEL-2",
    file: "sim/backends/replicated/backend.ts",
    find: 'if (kind !== "torn_write") join(replica, replicas, network);',
    replace:
      'if (kind === "lost_sync") replica.isWhole = true; else if (kind !== "torn_write") join(replica, replicas, network);',
  },
  {
    name: "damage-is-not-made-up",
    family: "recovery",
    rule: "DEL-3",
    file: "sim/backends/replicated/backend.ts",
    find: 'if (kind !== "torn_write") join(replica, replicas, network);',
    replace:
      'if (kind === "corruption") replica.isWhole = true; else if (kind !== "torn_write") join(replica, replicas, network);',
  },
  {
    name: "whole-after-the-first-answer",
    family: "recovery",
    rule: "PUT-3",
    file: "sim/backends/replicated/join.ts",
    find: "!missing.delete(other)) return;",
    replace: "!missing.delete(other)) return;\n      missing.clear();",
  },
  {
    name: "refused-writes-are-acknowledged",
    family: "recovery",
    rule: "TOK-5",
    file: "sim/backends/replicated/replica.ts",
    find: "if (this.#disk.refuses(key)) return { ...entry, lost: true };",
    replace: "if (this.#disk.refuses(key)) return entry;",
    origin: "PostgreSQL's fsync of 2018: what the disk had refused was taken for written",
  },
  {
    name: "torn-log-without-its-end",
    family: "recovery",
    rule: "DEL-6",
    file: "sim/backends/replicated/damage.ts",
    find: "const unsynced = log.filter(({ durableAt }) => durableAt > now);",
    replace: "const unsynced = log.filter(({ durableAt }) => durableAt > now - 20_000);",
  },
  {
    name: "tokens-follow-the-clock-back",
    family: "tokens",
    rule: "TOK-2",
    file: "src/model/token.ts",
    find: "return now > last ? now : last + 1;",
    replace: "return now > last || now < last - 5_000 ? now : last + 1;",
    origin:
      "Cassandra: writes by a clock that was set back are acknowledged, and lose against older ones (Jepsen, 2013)",
  },
];
