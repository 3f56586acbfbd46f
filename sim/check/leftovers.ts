/** Oracle for RES-1: when everything has ended, nothing of it is left. */
import type { Oracle } from "./history.ts";

/** Judges what a world still held after its end. */
export const leftoversOracle: Oracle<"RES-1"> = {
  name: "leftovers",
  rules: ["RES-1"],
  check: ({ left }) =>
    left.length === 0
      ? undefined
      : { rule: "RES-1", what: `left after the end: ${left.join("; ")}`, operations: [] },
};
