/** The axis of time, with long stretches in which nothing happens squeezed: a world ends long after its clients have. */
import { type Micros, MILLISECOND } from "kvdal";

/** A place on the axis where its scale changes: virtual time, and where that is shown. */
export type AxisKnot = readonly [time: Micros, shown: number];

/** A stretch without events that is longer than this is shown as long as `GAP_SHOWN`. */
const GAP: Micros = 30 * MILLISECOND;
const GAP_SHOWN: Micros = 6 * MILLISECOND;

/** The axis over these moments, from 0; between two knots time runs evenly. */
export function axisOver(moments: readonly Micros[]): readonly AxisKnot[] {
  const knots: AxisKnot[] = [[0, 0]];
  let [last, shown] = [0, 0];
  for (const moment of moments.toSorted((a, b) => a - b)) {
    const gap = moment - last;
    if (gap > GAP) {
      knots.push([last, shown], [moment, shown + GAP_SHOWN]);
      shown += GAP_SHOWN;
    } else {
      shown += gap;
    }
    last = moment;
  }
  knots.push([last, shown]);
  return knots.filter(([time], i) => i === 0 || time > (knots[i - 1] as AxisKnot)[0]);
}
