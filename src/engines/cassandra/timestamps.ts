/**
 * The scale of cell timestamps: four ticks a microsecond, the low two bits being the rank.
 *
 * Cassandra orders cells by timestamp, then expiring before plain, then by expiry second, then by bytes. With the
 * rank in the timestamp the order (time, rank) is exact whatever else differs (TOK-5). Whoever writes to these
 * tables by hand must use the same scale: microseconds since 1970, times 4, plus 0 for a put without an expiry, 1
 * for one with an expiry, 2 for a deletion. A statement without USING TIMESTAMP is four times too old.
 */
import { type Micros, SECOND } from "../../model/time.ts";
import type { Version } from "../../model/version.ts";

/** The `USING TIMESTAMP` of a write: `time * 4 + rank`, at most 2^55. */
export function timestampOf(version: Version): bigint {
  return BigInt(version.time) * 4n + BigInt(version.rank);
}

/**
 * Ends later than this are not left to Cassandra: by default it refuses expiries past 2038-01-19T03:14:06Z. A day
 * less, for servers whose clocks are ahead of the caller's and for the slack.
 */
export const NATIVE_END_MAX: Micros = (2 ** 31 - 2 - 86_400) * SECOND;

/**
 * Seconds that a row outlives its end in Cassandra. The caller's clock may be ahead of a reader's, and seconds are
 * counted on the coordinator: removal may be late, since readers filter exactly, but never early (TTL-1).
 */
export const TTL_SLACK_SECONDS = 60;

/** Longest TTL that Cassandra takes, seconds: 20 years of 365 days. */
const TTL_SECONDS_MAX = 630_720_000;

/**
 * The `USING TTL` of a row that may go at `end`, seconds from the caller's `now`, rounded up and with slack; or
 * undefined when Cassandra would not take it, so that `sweep` must remove the row. Never 0, which means "for
 * ever": a row that has ended still hides older writes, and goes after the slack.
 */
export function nativeTtlSeconds(end: Micros, now: Micros): number | undefined {
  if (end > NATIVE_END_MAX) return undefined;
  const seconds = Math.max(0, Math.ceil((end - now) / SECOND)) + TTL_SLACK_SECONDS;
  return seconds > TTL_SECONDS_MAX ? undefined : seconds;
}
