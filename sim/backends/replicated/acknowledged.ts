/** What replicas have acknowledged of one write, while it is waited for. */
import type { Micros } from "kvdal";
import type { Replica } from "./replica.ts";

/** What a replica has written, and may have lost since. */
export type Written = { readonly durableAt: Micros; readonly lost: boolean };

/** Leaves out what was lost since: a minority's loss costs nobody a write. */
export function forgetLost(acknowledged: Map<Replica, Written>): void {
  for (const [replica, { lost }] of acknowledged) if (lost) acknowledged.delete(replica);
}
