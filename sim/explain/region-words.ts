/** What befalls regions, in words. */
import type { FailoverPlan, RegionsPlan } from "../faults/regions.ts";
import { duration } from "./words.ts";

/** `the loss of region 1, down from 20 ms to 90 ms`. */
export function failoverWords({ region, isGone, ...span }: FailoverPlan): string {
  const how = isGone ? "down" : "cut off from everybody";
  return `the loss of region ${region}, ${how} ${spanWords(span)}`;
}

/** `from 20 ms to 90 ms`. */
export function spanWords({ at, until }: RegionsPlan["cuts"][number]): string {
  return `from ${duration(at)} to ${duration(until)}`;
}
