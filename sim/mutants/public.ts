/** Bugs that others have had, planted here again: `origin` says whose. Some stand with their own part of the code. */
import { ANEW } from "./arrivals.ts";
import type { Mutant } from "./mutant.ts";

const MERGE = "sim/backends/replicated/merge.ts";

/** Of engines with replicas. */
export const PUBLIC: readonly Mutant[] = [
  {
    name: "short-read",
    family: "replicas",
    rule: "PAGE-2",
    file: MERGE,
    find: "if (end === undefined || compareBytes(last, end) * direction < 0) end = last;",
    replace: "if (end === undefined || compareBytes(last, end) * direction > 0) end = last;",
    origin: "Cassandra before its short read protection was whole (CASSANDRA-12872)",
  },
  {
    name: "tombstones-dropped-before-the-limit",
    family: "replicas",
    rule: "DEL-5",
    file: "sim/backends/replicated/replica.ts",
    find: "      more = rows.length >= read.rowLimit;\n",
    replace:
      "      if (row.version.rank === 2) return true;\n      more = rows.length >= read.rowLimit;\n",
    origin:
      "replicas that leave deleted rows out of their answers: what another one has is shown again",
  },
  {
    name: "tombstones-dropped-before-repair",
    family: "replicas",
    rule: "DEL-1",
    file: "sim/backends/replicated/backend.ts",
    find: "        repair(replicas, network);\n",
    replace:
      "        for (const replica of replicas) replica.compact(0);\n        repair(replicas, network);\n",
    origin: "Cassandra's gc_grace_seconds: deletions come undone where repair runs after it",
  },
  {
    name: "read-repair-dates-anew",
    family: "replicas",
    rule: "TOK-4",
    file: "sim/backends/replicated/coordinator.ts",
    find: "    const mutations = replies.flatMap(mutationsOf);\n",
    replace:
      "    const mutations = replies.flatMap(mutationsOf).map((m) => m.kind !== 'put' ? m : " +
      `${ANEW});\n`,
    origin:
      "read repair under the time of the read, so that what it copies beats what was written meanwhile",
  },
];

/** Changes that nobody can tell from the code as it is. */
export const EQUIVALENT: readonly Mutant[] = [
  {
    name: "token-time-by-the-greater",
    family: "tokens",
    rule: "TOK-2",
    file: "src/model/token.ts",
    find: "return now > last ? now : last + 1;",
    replace: "return Math.max(now, last + 1);",
    equivalent:
      "both are whole microseconds: where now is above last it is last + 1 or more, so the greater is now; where it is " +
      "not, last + 1 is the greater",
  },
  {
    name: "pause-listens-until-its-end",
    family: "resources",
    rule: "RES-1",
    file: "src/ports/pause.ts",
    find: 'signal.addEventListener("abort", end, { once: true });',
    replace: 'signal.addEventListener("abort", end);',
    equivalent:
      "a signal is aborted once at most, and the listener is taken away in the end in any case; it does nothing but " +
      "resolve a promise, which only the first time does",
  },
  {
    name: "quorum-heard-again",
    family: "quorum",
    rule: "PUT-3",
    file: "sim/backends/replicated/coordinator.ts",
    find: "if (acknowledged.size === quorum) {",
    replace: "if (acknowledged.size >= quorum) {",
    equivalent:
      "acknowledgements come one by one, so that the quorum is met first at its very number; what follows ends the call " +
      "and resolves it, and both do so only the first time",
  },
];
