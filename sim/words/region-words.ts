/** What befalls regions, in words. */
import type { FailoverPlan } from "../faults/regions.ts";
import { spanWords } from "./measures.ts";

/** `the loss of region 1, down from 20 ms to 90 ms`. */
export function failoverWords({ region, isGone, ...span }: FailoverPlan): string {
  const how = isGone ? "down" : "cut off from everybody";
  return `the loss of region ${region}, ${how} ${spanWords(span)}`;
}
