/** The search for a smaller plan: the smallest that is known to fail, and attempts to replace it. */
import type { WatchedRun, WatchPlan } from "../watch-plan.ts";
import { hash32 } from "../world/keyed-random.ts";
import type { Plan } from "../workload/plan.ts";
import { type Part, withoutAll } from "./part.ts";

/** Whether a run fails in the way that is looked into. */
export type Fails = (run: WatchedRun) => boolean;

/** What a search works with. */
export type SearchParts = {
  readonly watch: WatchPlan;
  readonly fails: Fails;
  /** Whether the time is over: then nothing further is tried. */
  readonly isOver: () => boolean;
  /** Called now and then. */
  readonly onProgress?: ((search: Search) => void) | undefined;
};

/** Turns a plan that lacks something into others that might fail in its place. */
export type Variant = (plan: Plan, best: Failing) => Plan;

/** A plan that fails, and the run that shows it. */
export type Failing = { readonly plan: Plan; readonly run: WatchedRun };

/** Runs between two calls of `onProgress`. */
const PROGRESS_EVERY = 50;
/** Names the seeds of other environments. */
const OTHER_DRAWS = 0x5ea1;

/** A search. */
export class Search {
  best: Failing;
  /** Worlds run so far. */
  runs = 0;
  readonly #parts: SearchParts;

  constructor(best: Failing, parts: SearchParts) {
    this.best = best;
    this.#parts = parts;
  }

  get isOver(): boolean {
    return this.#parts.isOver();
  }

  /** Tries one plan; where it fails it becomes the best. */
  async try(plan: Plan): Promise<boolean> {
    if (this.isOver) return false;
    this.runs += 1;
    if (this.runs % PROGRESS_EVERY === 0) this.#parts.onProgress?.(this);
    const run = await this.#parts.watch(plan);
    if (!this.#parts.fails(run)) return false;
    this.best = { plan, run };
    return true;
  }

  /** Tries a plan under its own draws and then, up to so many times, under others. */
  async tryAnew(plan: Plan, rerolls: number): Promise<boolean> {
    if (await this.try(plan)) return true;
    for (let turn = 0; turn < rerolls; turn += 1) {
      const seed = hash32(plan.seed, turn, OTHER_DRAWS);
      if (await this.try({ ...plan, seed })) return true;
    }
    return false;
  }

  /**
   * Takes out as many of the parts as it can: all, then halves, quarters, … then single ones. Each attempt is made in
   * every variant. Whether any went.
   */
  async reduce(
    parts: readonly Part[],
    variants: readonly Variant[],
    rerolls = 0,
  ): Promise<boolean> {
    let left = parts;
    for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < left.length && !this.isOver; ) {
        const gone = left.slice(at, at + size);
        if (await this.#without(gone, variants, rerolls)) {
          left = [...left.slice(0, at), ...left.slice(at + size)];
        } else at += size;
      }
    }
    return left.length < parts.length;
  }

  async #without(
    gone: readonly Part[],
    variants: readonly Variant[],
    rerolls: number,
  ): Promise<boolean> {
    const { best } = this;
    const plan = withoutAll(best.plan, gone);
    for (const variant of variants) {
      if (await this.tryAnew(variant(plan, best), rerolls)) return true;
    }
    return false;
  }
}

/** A plan as it is. */
export const asItIs: Variant = (plan) => plan;
