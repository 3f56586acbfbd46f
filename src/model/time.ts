/**
 * Time in whole microseconds, the unit of idempotency tokens and of Cassandra's timestamps.
 *
 * A JavaScript number holds every microsecond up to the year 2255 exactly, and is far cheaper than a BigInt;
 * what lies beyond is refused at the edge by `micros`, never rounded.
 */

/** Microseconds: since 1970 for an instant of a wall clock, since an arbitrary origin for a monotonic one. */
export type Micros = number;

/** Microseconds in one millisecond. */
export const MILLISECOND: Micros = 1_000;
/** Microseconds in one second. */
export const SECOND: Micros = 1_000_000;
/** Microseconds in one minute. */
export const MINUTE: Micros = 60 * SECOND;
/** Microseconds in one hour. */
export const HOUR: Micros = 60 * MINUTE;
/** Microseconds in one day. */
export const DAY: Micros = 24 * HOUR;

/** Whether `value` is a microsecond count this package can carry: a whole number, 0 to 2^53 - 1. */
export function isMicros(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * An exact microsecond count from a number, a BigInt or a decimal text, as drivers and JSON hand them over.
 * Undefined when it is not one, or beyond 2^53 - 1 (the year 2255).
 */
export function micros(value: number | bigint | string): Micros | undefined {
  const exact =
    typeof value === "string" ? (/^\d{1,16}$/.test(value) ? Number(value) : -1) : Number(value);
  return isMicros(exact) && (typeof value !== "bigint" || BigInt(exact) === value)
    ? exact
    : undefined;
}
