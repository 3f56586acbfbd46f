/** Which amplification points worlds had, and how often each was come by and fired: for the summary of a campaign. */
import { POINTS } from "../amplify/list.ts";
import type { Sums } from "../campaign/sums.ts";
import { inOnePiece, wrapped } from "../words/columns.ts";
import { counted } from "./figures.ts";

/** The counts of one point. */
export type PointCount = {
  readonly name: string;
  readonly file: string;
  readonly what: string;
  /** Worlds in which it was switched on. */
  readonly worlds: number;
  readonly reached: number;
  readonly fired: number;
};

/** The counts of all points, in the order of their list. */
export function pointCounts({ amplified }: Sums): readonly PointCount[] {
  return POINTS.map(({ name, file, what }, place) => ({
    name,
    file,
    what,
    worlds: amplified.worlds[place] ?? 0,
    reached: amplified.reached[place] ?? 0,
    fired: amplified.fired[place] ?? 0,
  }));
}

/** How many of them fired, and how often; nothing where no world had any. */
export function pointLines(sums: Sums, program: string): readonly string[] {
  const counts = pointCounts(sums);
  const sum = (of: "worlds" | "fired"): number => counts.reduce((all, count) => all + count[of], 0);
  if (sum("worlds") === 0) return [];
  const fired = counts.filter((count) => count.fired > 0).length;
  const see = inOnePiece(`see ${program} faults --points`);
  const times = counted(sum("fired"), "time");
  return wrapped(
    "Points   ",
    `${fired} of ${counts.length} amplification points fired, ${times}, ${see}.`,
  );
}
