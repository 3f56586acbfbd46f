/** Times and chances in words. */
import type { Micros } from "kvdal";
import type { Span } from "../faults/span.ts";

/** `12 ms`, `0.35 ms`, `1.2 s`. */
export function duration(micros: Micros): string {
  if (Math.abs(micros) >= 1_000_000) return `${round(micros / 1_000_000)} s`;
  return `${round(micros / 1_000)} ms`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 4 : 3)));
}

/** `from 20 ms to 90 ms`. */
export function spanWords({ at, until }: Span): string {
  return `from ${duration(at)} to ${duration(until)}`;
}

/** `2 %`. */
export function percent(ppm: number): string {
  return `${ppm / 10_000} %`;
}

/** `2 % of`. */
export function share(ppm: number): string {
  return `${percent(ppm)} of`;
}
