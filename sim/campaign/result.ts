/** What a campaign, or a part of it, came to. */
import type { Asked } from "./asked.ts";
import type { Sums } from "./sums.ts";

/** How it ended: all was done, the time was over, it was interrupted, or it is a part still to be gone on with. */
export type CampaignEnd = "done" | "time" | "interrupted";

/** What was asked, what it came to, and how it ended. */
export type CampaignResult = {
  readonly asked: Asked;
  readonly sums: Sums;
  /** Seed of the last world, in the order of seeds. */
  readonly lastSeed: number;
  /** Time that it took, milliseconds; of shards, all of them together. */
  readonly millis: number;
  readonly end: CampaignEnd;
  /** Files of plans that were kept, by seed. */
  readonly kept: ReadonlyMap<number, string>;
  /** What runs the program where the result is shown, for lines to be copied; `kvdal` until somebody knows. */
  readonly program: string;
  /** The plans of the tree that were run before all others; absent where none were. */
  readonly corpus?: CorpusRun;
};

/** A plan of the tree that fails with the code as it is. */
export type CorpusFailure = {
  readonly name: string;
  readonly path: string;
  /** The rule that it breaks, and by what. */
  readonly rule: string;
  readonly what: string;
  /** What the verdict names of the plan. */
  readonly operations: readonly number[];
  /** The rule that it is kept for, and why. */
  readonly keptFor: string;
  readonly reason: string;
};

/** Plans of the tree that were run, and those of them that fail. */
export type CorpusRun = { readonly plans: number; readonly failing: readonly CorpusFailure[] };

/** Whether a real engine failed by itself so often that a campaign proves too little: no report may say that all is well. */
export function provesTooLittle({ sums: { counts } }: CampaignResult): boolean {
  return counts.inconclusive * 100 > counts.worlds;
}
