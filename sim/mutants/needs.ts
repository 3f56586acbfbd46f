/**
 * Which planted bugs need which kinds of fault, as it was measured: worlds of consecutive seeds until a bug was found so
 * many times, and the very same worlds without one kind. `kvdal mutants --needs` makes the file anew.
 */
import type { FaultName } from "../faults/registry/names.ts";
import { FAULTS } from "../faults/registry/index.ts";
import measured from "./needs.json" with { type: "json" };
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./mutant.ts";

/** What one kind of fault is to one planted bug. */
export type Need = {
  readonly mutant: string;
  readonly kind: FaultName;
  /** Worlds that were run, and how often the bug was found in them: each time ends a trial. */
  readonly worlds: number;
  readonly trials: number;
  /** Worlds a trial. */
  readonly meanSeeds: number;
  /** The same worlds without the kind: how many found it, the mean, null where it was lost, and its 95 % lower bound. */
  readonly without: {
    readonly found: number;
    readonly meanSeeds: number | null;
    readonly atLeast: number;
  };
  /** How many times the worlds it costs without the kind; null where it was lost. */
  readonly factor: number | null;
  /** Of the worlds that found it, those that still do with no other kind than this. */
  readonly alone: number;
  /** Kinds that none of these worlds had: they would reveal it, too. */
  readonly amid: readonly string[];
  /** The code that it was measured on. */
  readonly commit: string;
};

/** All that was measured. */
export const NEEDS: readonly Need[] = measured as readonly Need[];

/** Times that a bug is found in them; fewer say too little. */
export const NEED_TRIALS_LEAST = 10;
/** What costs a bug so many times the worlds where it is left out is needed. */
export const COST_FACTOR = 5;

/** Whether the bug is lost without the kind, or costs five times the worlds. */
export function isProven({ trials, factor }: Need): boolean {
  return trials >= NEED_TRIALS_LEAST && (factor === null || factor >= COST_FACTOR);
}

/** The kinds that a bug was measured to need. */
export function provenNeeds(mutant: string): readonly Need[] {
  return NEEDS.filter((need) => need.mutant === mutant && isProven(need));
}

/** What proves that a kind of fault has a bug of its own: lost before costly, worlds with all other kinds before others. */
export function proofOf(kind: FaultName, needs: readonly Need[] = NEEDS): Need | undefined {
  return needs
    .filter((need) => need.kind === kind && isProven(need))
    .toSorted((one, other) => rank(one) - rank(other) || one.meanSeeds - other.meanSeeds)[0];
}

function rank({ amid, factor }: Need): number {
  return (amid.length > 0 ? 2 : 0) + (factor === null ? 0 : 1);
}

/** How many planted bugs there are of the kinds that count. */
export type MutantCounts = {
  readonly mutants: number;
  readonly families: number;
  /** Public bugs, planted again. */
  readonly public: number;
  /** Bugs that are lost, or cost five times the worlds, without either of two faults. */
  readonly twoFaults: number;
  /** Bugs that trouble with clocks reveals by itself, and that need it. */
  readonly clockOnly: number;
  readonly equivalent: number;
};

/** The counts, from what is written down of the bugs and from what was measured. */
export function countMutants(mutants: readonly Mutant[] = MUTANTS): MutantCounts {
  return {
    mutants: mutants.length,
    families: new Set(mutants.map(({ family }) => family)).size,
    public: mutants.filter(({ origin }) => origin !== undefined).length,
    twoFaults: mutants.filter(({ name }) => provenNeeds(name).length >= 2).length,
    clockOnly: mutants.filter(({ name }) => isOfClocks(provenNeeds(name))).length,
    equivalent: mutants.filter(({ equivalent }) => equivalent !== undefined).length,
  };
}

function isOfClocks(needs: readonly Need[]): boolean {
  const ofTime = FAULTS.filter(({ family }) => family === "time").map(({ name }) => name);
  return needs.length > 0 && needs.every(({ kind, alone }) => ofTime.includes(kind) && alone > 0);
}
