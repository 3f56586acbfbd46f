/** What a server makes of its load: the percentages that it tells, and what it asks of its clients (SIG-1). */
import type { LoadAdvice, Utilization } from "../model/signals.ts";

/** Of the busier of processors and places for requests, percent. The published experiment sheds at 60 and 80. */
const SLOW_DOWN_FROM = 60;
const SHED_FROM = 80;

/** Whole percent, rounded up: what is told as 0 is nothing at all. */
export function percentOf(part: number, whole: number): number {
  return part === 0 ? 0 : Math.ceil((100 * part) / whole);
}

/** What is measured of a server, percent. */
export type MeasuredLoad = Omit<Utilization, "overall">;

/** The percentages as they are told. */
export function utilizationOf(measured: MeasuredLoad): Utilization {
  const { latency, compute = 0, requests } = measured;
  const overall = Math.max(latency.overTarget, latency.overMax, compute, requests);
  return { overall, ...measured };
}

/**
 * What clients are asked to do. Latency has no say: an engine that is slow, or a target that was set too near, is no
 * reason to send less; callers who see one read it in the utilization.
 */
export function adviceFor({
  compute = 0,
  requests,
}: Pick<Utilization, "compute" | "requests">): LoadAdvice {
  const busiest = Math.max(compute, requests);
  if (busiest >= SHED_FROM) return "shed";
  return busiest >= SLOW_DOWN_FROM ? "slow_down" : "go_on";
}
