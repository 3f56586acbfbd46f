/** A straight line through times by sizes, by least squares. */

/** `millis = base + perMiB * MiB`, and how much of the spread it explains: 1 is all of it. */
export type LinearFit = { readonly base: number; readonly perMiB: number; readonly r2: number };

/** The line through at least two points. */
export function fitLine(
  points: readonly { readonly mib: number; readonly millis: number }[],
): LinearFit {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(({ mib }) => mib));
  const y = mean(points.map(({ millis }) => millis));
  const sum = (term: (dx: number, dy: number) => number): number =>
    points.reduce((total, { mib, millis }) => total + term(mib - x, millis - y), 0);
  const perMiB = sum((dx, dy) => dx * dy) / sum((dx) => dx * dx);
  const base = y - perMiB * x;
  const left = points.reduce(
    (total, { mib, millis }) => total + (millis - base - perMiB * mib) ** 2,
    0,
  );
  return { base, perMiB, r2: 1 - left / sum((_, dy) => dy * dy) };
}
