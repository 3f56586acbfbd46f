/** A time for which a fault lasts. */
import type { Micros } from "kvdal";

/** From an instant on, until another, which is not of it any more. */
export type Span = { readonly at: Micros; readonly until: Micros };

/** Whether it lasts at that instant. */
export function lastsAt({ at, until }: Span, now: Micros): boolean {
  return now >= at && now < until;
}
