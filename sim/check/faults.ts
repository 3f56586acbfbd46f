/** Oracle for errors that no client has reason to meet: faults of this software, and tokens that do not work. */
import type { History, Oracle, Violation } from "./history.ts";

type FaultRule = "ERR-3" | "PAGE-3" | "CHUNK-5";

/** Judges the first such error. A well-formed read that is refused as malformed met its own page token (PAGE-3). */
export const faultsOracle: Oracle<FaultRule> = {
  name: "faults",
  rules: ["ERR-3", "PAGE-3", "CHUNK-5"],
  check: ({ fault }: History): Violation<FaultRule> | undefined => {
    if (fault === undefined) return undefined;
    const { operation, kind, code, message } = fault;
    const isOfToken = kind === "read" && code === "INVALID_ARGUMENT";
    const rule = code === "DATA_LOSS" ? "CHUNK-5" : isOfToken ? "PAGE-3" : "ERR-3";
    return { rule, what: `a client met ${message}`, operations: [operation] };
  },
};
