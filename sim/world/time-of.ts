/** How long a client may be at one operation. */
import type { Micros } from "kvdal";
import type { Operation } from "../workload/operation.ts";

/** How long an operation may take: until its caller gives up, and no longer than a call where it is one. */
export function timeOf({ kind, giveUp }: Operation, timeout: Micros): Micros {
  // Its caller takes time of its own for each page, and is given those that have come in.
  if (kind === "scan") return Number.POSITIVE_INFINITY;
  const patience = giveUp === 0 ? Number.POSITIVE_INFINITY : giveUp;
  const isManyCalls = kind === "get" || kind === "page";
  return isManyCalls ? patience : Math.min(patience, timeout);
}
