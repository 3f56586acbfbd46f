/**
 * Oracle for CONS-3, as far as it is about time: what one region acknowledges arrives in the other one within the lag,
 * where nothing hinders it. What readers of the other region see of it is for the oracle of reads.
 */
import type { Micros } from "kvdal";
import type { History, Oracle, WriteRecord } from "./history.ts";

/** The first write that was too late, or undefined. */
export const regionsOracle: Oracle<"CONS-3"> = {
  name: "regions",
  rules: ["CONS-3"],
  check: ({ writes, arrivesWithin }: History) => {
    if (arrivesWithin === undefined) return undefined;
    const late = writes.find((write) => latenessOf(write) > arrivesWithin);
    if (late === undefined) return undefined;
    const what =
      `a write acknowledged in region ${late.regions?.acknowledgedIn} came ${latenessOf(late)} µs later to the other, ` +
      `wanted at most ${arrivesWithin} where nothing hinders it`;
    return { rule: "CONS-3", what, operations: [late.operation] };
  },
};

/** How long after its acknowledgement a write had come to all regions; 0 where it was not acknowledged. */
function latenessOf({ acknowledged, regions }: WriteRecord): Micros {
  return regions === undefined ? 0 : Math.max(...regions.arrived) - acknowledged;
}
