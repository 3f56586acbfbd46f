/** What a hunt for a planted bug is told, and what it tells: plain data, for it runs in a process of its own. */
import type { Failure, FaultSwitch, Need } from "kvdal/sim";

/** How to hunt. */
export type HuntTask = {
  readonly name: string;
  /** Most worlds a trial. */
  readonly seeds: number;
  /** Trials, at most; the first is made in any case. */
  readonly trials: number;
  /** CPU time after which no further trial is made, and the present one is given up unless it is the first. */
  readonly cpuSeconds: number;
  /** What is known of it from a run before. */
  readonly known: Hunt | undefined;
  /** Whether it is hunted without each kind of fault, too, but for those of which the outcome is known. */
  readonly ablate: boolean;
  readonly knownKinds: readonly Ablation["fault"][];
  /** The world that found it before: tried alone, ahead of any trial. */
  readonly knownSeed: number | undefined;
  /** Whether it is only measured what the kinds of fault that it is said to need are to it. */
  readonly needs: boolean;
};

/** A run of consecutive seeds that ends with the first world in which the bug's own rule is broken, or without one. */
export type Trial = {
  readonly firstSeed: number;
  readonly worlds: number;
  readonly found: boolean;
};

/** Failing worlds that the same oracles saw, in the order in which these are asked. */
export type Sighting = { readonly oracles: readonly string[]; readonly worlds: number };

/** What the trials for one bug came to. */
export type Hunt = {
  /** The first failing world. */
  readonly first: Failure | undefined;
  /** The oracle whose verdict that was. */
  readonly firstOracle: string | undefined;
  /** The first world that broke the very rule that the bug is said to break. */
  readonly own: Failure | undefined;
  /** None where the world that found it before did so again. */
  readonly trials: readonly Trial[];
  readonly sightings: readonly Sighting[];
};

/** What a hunt without one kind of fault came to. */
export type Ablation = {
  readonly fault: FaultSwitch;
  readonly worlds: number;
  /** Trials, and those that found the bug. */
  readonly trials: number;
  readonly found: number;
};

/** How to measure what kinds of fault are to a bug: worlds until it is found so often, so many at most. */
export type NeedTask = Pick<HuntTask, "seeds" | "trials" | "cpuSeconds">;

/** What one kind of fault is to a bug; the code that it was measured on is whoever keeps it to say. */
export type MeasuredNeed = Omit<Need, "commit">;

/** What the process of a hunt tells, one after another. */
export type HuntMessage =
  | { readonly hunt: Hunt }
  | { readonly ablation: Ablation }
  | { readonly needs: readonly MeasuredNeed[] };
