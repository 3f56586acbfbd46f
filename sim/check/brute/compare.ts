/** Holds the oracles against the brute-force checker: small histories, sound and damaged, on which both must agree. */
import { planRandom } from "../../world/keyed-random.ts";
import type { History, Violation } from "../history.ts";
import { judge } from "../oracles.ts";
import { drawDamage } from "./damage.ts";
import { drawHistory } from "./reference.ts";
import { explain } from "./worlds.ts";

/** A history on which the two do not agree. */
export type Disagreement = {
  readonly seed: number;
  /** What was done to it; undefined for a sound one. */
  readonly damage: string | undefined;
  /** What the oracles say; undefined for nothing. */
  readonly oracles: string | undefined;
  /** What the checker says; undefined for nothing. */
  readonly checker: string | undefined;
};

/** Histories by what was done to them and what was said. */
export type DamageCount = { readonly histories: number; readonly violations: number };

/** What a comparison came to. */
export type Comparison = {
  readonly histories: number;
  readonly writes: number;
  readonly reads: number;
  readonly sound: number;
  /** By kind of damage; of each, how many both call a violation: the others are answers a sound system might give. */
  readonly damages: Readonly<Record<string, DamageCount>>;
  /** Traversals sound by every key, and by no one state of all keys: pages are of different moments, and may be. */
  readonly onlyKeyByKey: number;
  /** Replicas that agree on what no world ends with: the oracle of convergence leaves that to reading everything back. */
  readonly alikeAndWrong: number;
  /** How often each rule was reported. */
  readonly rules: Readonly<Record<string, number>>;
  readonly disagreements: readonly Disagreement[];
};

/** How a comparison is made. */
export type ComparisonOptions = {
  /** Histories are drawn from consecutive seeds; every second one is damaged. */
  readonly first: number;
  readonly histories: number;
  /** Who is held against the checker: all oracles where nobody is named. */
  readonly judge?: (history: History) => Violation | undefined;
  /** Called now and then with the histories done so far. */
  readonly onProgress?: (done: number) => void;
};

/** Makes the comparison. */
export function compareOracles(options: ComparisonOptions): Comparison {
  const { first, histories, onProgress } = options;
  const tally = new Tally(options.judge ?? judge);
  for (let seed = first; seed < first + histories; seed += 1) {
    tally.add(seed);
    const done = seed - first + 1;
    if (done % PROGRESS_EVERY === 0) onProgress?.(done);
  }
  return tally.result();
}

/** Histories between two calls of `onProgress`. */
const PROGRESS_EVERY = 10_000;

class Tally {
  readonly #damages = new Map<string, { histories: number; violations: number }>();
  readonly #rules = new Map<string, number>();
  readonly #disagreements: Disagreement[] = [];
  readonly #sums = {
    histories: 0,
    writes: 0,
    reads: 0,
    sound: 0,
    onlyKeyByKey: 0,
    alikeAndWrong: 0,
  };

  readonly #judge: (history: History) => Violation | undefined;

  constructor(judged: (history: History) => Violation | undefined) {
    this.#judge = judged;
  }

  add(seed: number): void {
    const random = planRandom(seed, "small history");
    const sound = drawHistory(random);
    const damaged = seed % 2 === 0 ? undefined : drawDamage(sound, random);
    const history = damaged?.history ?? sound;
    const verdict = this.#judge(history);
    const { flaws, onlyKeyByKey, alikeAndWrong } = explain(history);
    const oracles = verdict && `${verdict.rule}: ${verdict.what}`;
    // A sound history has no flaw, whatever the oracles say of it.
    const isAgreed = (oracles === undefined) === (flaws.length === 0);
    if (!isAgreed || (damaged === undefined && flaws.length > 0)) {
      const checker = flaws[0]?.what;
      this.#disagreements.push({ seed, damage: damaged?.kind, oracles, checker });
    }
    this.#count(history, damaged?.kind, verdict?.rule);
    if (verdict !== undefined) return;
    this.#sums.onlyKeyByKey += Math.min(1, onlyKeyByKey.length);
    this.#sums.alikeAndWrong += Math.min(1, alikeAndWrong.length);
  }

  #count({ writes, reads }: History, damage: string | undefined, rule: string | undefined): void {
    this.#sums.histories += 1;
    this.#sums.writes += writes.length;
    this.#sums.reads += reads.length;
    if (rule !== undefined) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1);
    if (damage === undefined) {
      this.#sums.sound += 1;
      return;
    }
    const known = this.#damages.get(damage) ?? { histories: 0, violations: 0 };
    known.histories += 1;
    if (rule !== undefined) known.violations += 1;
    this.#damages.set(damage, known);
  }

  result(): Comparison {
    return {
      ...this.#sums,
      damages: Object.fromEntries([...this.#damages].toSorted(byName)),
      rules: Object.fromEntries([...this.#rules].toSorted(byName)),
      disagreements: this.#disagreements,
    };
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
