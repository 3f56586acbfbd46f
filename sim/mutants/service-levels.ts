/** Planted bugs in how much is asked of the engine, and until when. */
import type { Mutant } from "./mutant.ts";

/** Bugs that the oracles of service levels and of pages find. */
export const SERVICE_LEVELS: readonly Mutant[] = [
  {
    name: "busy-with-half-of-its-bound",
    family: "overload",
    rule: "RES-2",
    file: "src/service/server-load.ts",
    find: "this.#inProgress >= requestsMax) {",
    replace: "this.#inProgress >= Math.ceil(requestsMax / 2)) {",
    faults: ["overload"],
  },
  {
    name: "reads-get-a-part-of-their-time",
    family: "deadlines",
    rule: "ERR-3",
    file: "src/service/collect-page.ts",
    find: "deadline: begun + timeLeft(work, progress)",
    replace: "deadline: begun + Math.floor(timeLeft(work, progress) / 32)",
  },
  {
    name: "estimate-ignores-token",
    family: "pagination",
    rule: "PAGE-6",
    file: "src/service/collect-page.ts",
    find: "priorBytes: from.averageBytes ?? meanBytes(",
    replace: "priorBytes: meanBytes(",
  },
  {
    name: "rows-looked-at-not-counted",
    family: "pagination",
    rule: "PAGE-5",
    file: "src/service/collect-page.ts",
    find: "progress.rowsExamined += Math.max(1, rows.rowsExamined);",
    replace: "progress.rowsExamined += 0;",
  },
  {
    name: "empty-page-returns-its-own-token",
    family: "pagination",
    rule: "PAGE-4",
    file: "src/service/collect-page.ts",
    find: "    next: {\n      after,",
    replace:
      "    next: {\n      after: progress.items.length === 0 ? (work.from.after ?? after) : after,",
  },
  {
    name: "projection-ignored",
    family: "service levels",
    rule: "SLO-2",
    file: "src/policy/fill-page.ts",
    find: "if (projectRead(facts, rows) >= facts.timeLeft) {",
    replace: "if (facts.timeLeft <= 0) {",
  },
  {
    name: "deadline-not-passed-to-backend",
    family: "service levels",
    rule: "SLO-3",
    file: "src/service/collect-page.ts",
    find: "const engine = engineCall(bounded,",
    replace: "const engine = engineCall({ ...bounded, deadline: bounded.deadline + 60_000_000 },",
  },
  {
    name: "longest-latency-ignored",
    family: "service levels",
    rule: "SLO-1",
    file: "src/service/service-parts.ts",
    find: "deadline: Math.min(call.deadline, begun + max)",
    replace: "deadline: call.deadline",
  },
];
