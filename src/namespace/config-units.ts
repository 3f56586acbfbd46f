/** Durations and sizes as people write them in a configuration. */
import { DAY, HOUR, type Micros, MILLISECOND, MINUTE, SECOND } from "../model/time.ts";

/** What a duration is wanted to look like, for messages. */
export const DURATION_WANTED = "a duration such as 10ms, 180s, 1h or 7d";
/** What a number of bytes is wanted to look like, for messages. */
export const BYTES_WANTED = "a number of bytes such as 65536, 64KiB or 1MiB";

const DURATION_UNITS: Readonly<Record<string, Micros>> = {
  us: 1,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
};

const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** The microseconds of `10ms`, `180s`, `1.5h`; undefined for anything else, and for what is no whole microsecond. */
export function parseDuration(text: unknown): Micros | undefined {
  return measured(text, DURATION_UNITS);
}

/** The bytes of `65536`, `"65536"`, `64KiB`; undefined for anything else, and for what is no whole byte. */
export function parseBytes(text: unknown): number | undefined {
  return measured(typeof text === "number" ? String(text) : text, BYTE_UNITS);
}

/** A duration as one would write it: the largest unit that leaves it whole. */
export function durationText(duration: Micros): string {
  const [unit, size] = Object.entries(DURATION_UNITS).findLast(
    ([, each]) => duration % each === 0 && duration >= each,
  ) ?? ["us", 1];
  return `${duration / size}${unit}`;
}

/** A number and its unit, multiplied out: exact, or undefined. A unit that is not in the table has no meaning. */
function measured(text: unknown, units: Readonly<Record<string, number>>): number | undefined {
  const match = typeof text === "string" ? /^(\d+)(?:\.(\d+))?\s?([A-Za-z]*)$/.exec(text) : null;
  if (match === null) return undefined;
  const [, whole = "", fraction = "", unit = ""] = match;
  const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (size === undefined) return undefined;
  // By whole numbers: 0.1 is not exact, a tenth of a unit may be.
  const scaled = BigInt(whole + fraction) * BigInt(size);
  const divisor = 10n ** BigInt(fraction.length);
  const value = Number(scaled / divisor);
  return scaled % divisor === 0n && Number.isSafeInteger(value) ? value : undefined;
}
