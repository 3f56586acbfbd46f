/** Lengths of time on the command line. */
import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A timer that is to wait for longer fires at once. */
const MILLIS_MAX = 24 * 86_400_000;

/** Milliseconds of a text such as `90s`, `10m` or `1h30m`, for commander, which names the option and what was found. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})(ms|s|m|h|d)/g)];
  const isWhole = parts.map(([part]) => part).join("") === text;
  const millis = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit ?? ""]!,
    0,
  );
  if (!isWhole || millis === 0 || millis > MILLIS_MAX) {
    throw new InvalidArgumentError("Wanted a time with its unit, of at most 24d: 90s, 10m, 1h30m.");
  }
  return millis;
}
