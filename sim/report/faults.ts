/** How often faults fired and mattered, and what skew cost: for the summary of a campaign. */
import { SKEW_BOUNDS } from "../campaign/skew-rows.ts";
import type { Sums } from "../campaign/sums.ts";
import type { FaultFamily } from "../faults/registry/entry.ts";
import { FAULTS, type FaultName } from "../faults/registry/index.ts";
import { inOnePiece, wrapped } from "../words/columns.ts";
import { number } from "./figures.ts";

/** The counts of one kind. */
export type FaultCount = {
  readonly name: FaultName;
  readonly family: FaultFamily;
  readonly fired: number;
  readonly mattered: number;
};

/** The counts of all kinds, in the order of the registry. */
export function faultCounts({ faults: { fired, mattered } }: Sums): readonly FaultCount[] {
  return FAULTS.map(({ name, family }, place) => {
    return { name, family, fired: fired[place] ?? 0, mattered: mattered[place] ?? 0 };
  });
}

/** Worlds whose clients' clocks differ by less than a bound. */
export type SkewCount = {
  readonly below: string;
  readonly worlds: number;
  readonly writes: number;
  /** Writes that lost to one that was acknowledged before they began (TOK-9). */
  readonly overtaken: number;
};

/** What skew cost, by bounds. */
export function skewCounts({ skew }: Sums): readonly SkewCount[] {
  return SKEW_BOUNDS.map(([, below], row) => {
    const [worlds = 0, writes = 0, overtaken = 0] = skew[row] ?? [];
    return { below, worlds, writes, overtaken };
  });
}

/** Kinds that mattered to somebody, and writes that skew cost. */
export function faultLines(sums: Sums, program: string): readonly string[] {
  const counts = faultCounts(sums);
  const mattered = counts.filter((count) => count.mattered > 0).length;
  const see = inOnePiece(`see ${program} faults`);
  return [
    ...wrapped(
      "Kinds    ",
      `${mattered} of ${counts.length} kinds of fault mattered to somebody, ${see}.`,
    ),
    ...skewLines(sums),
  ];
}

/** Nothing where nobody wrote. */
function skewLines(sums: Sums): readonly string[] {
  const rows = skewCounts(sums).filter(({ writes }) => writes > 0);
  if (rows.length === 0) return [];
  const shares = rows.map(({ below, writes, overtaken }, i) => {
    const share = number(Math.round((1e6 * overtaken) / writes));
    const by = below === "days" ? "by days" : `by less than ${below}`;
    return i === 0 ? `${share} where clients' clocks differ ${by}` : inOnePiece(`${share} ${by}`);
  });
  const what = "of a million writes, those that lost to one acknowledged before they began:";
  return wrapped("Skew     ", `${what} ${shares.join(", ")}.`);
}
