/** Looks for the bug that is planted in this process, world by world. */
import {
  type BackendFactory,
  COST_FACTOR,
  type Failure,
  FAULT_SWITCHES,
  runSeeds,
  type SeedsOptions,
} from "kvdal/sim";
import { breaks, type Judge, judge, ORACLES, type Verdict } from "kvdal/sim/check";
import type { Mutant } from "kvdal/sim/mutants";
import { isSimulated } from "../sim/engines.ts";
import { faultsOf } from "./faults-of.ts";
import { estimate, tallyOf } from "./estimate.ts";
import type { Ablation, Hunt, HuntTask, Sighting, Trial } from "./hunt.ts";

/** Trials have worlds of their own: each starts so many seeds after the one before. */
const SEEDS_APART = 1_000_000;

const startOf = (trial: number): number => 1 + trial * SEEDS_APART;

/** Without a kind of fault a bug is hunted this many times. */
const ABLATION_TRIALS = 4;

/** Trials of one bug; the n-th begins with the same seed every time. */
export class Hunter {
  readonly #mutant: Mutant;
  readonly #factory: BackendFactory;
  readonly #cpuMicros: () => number;

  constructor(mutant: Mutant, factory: BackendFactory, cpuMicros: () => number) {
    this.#mutant = mutant;
    this.#factory = factory;
    this.#cpuMicros = cpuMicros;
  }

  /** The world that is known to find it is enough; else as many trials as there is time for, and one in any case. */
  async hunt(task: HuntTask): Promise<Hunt> {
    const { knownSeed } = task;
    const again = knownSeed === undefined ? undefined : await this.confirm(knownSeed);
    return again ?? this.#huntFromStart(task);
  }

  /** The world of that seed alone; undefined where it does not find the bug. */
  async confirm(seed: number): Promise<Hunt | undefined> {
    const notes = new Notes();
    const { found } = await this.#trial(seed, 1, { onFailure: notes.note });
    return found ? this.#huntOf(notes, []) : undefined;
  }

  /** Whether nothing fails in the world of that seed. */
  async isSound(seed: number): Promise<boolean> {
    const notes = new Notes();
    await this.#trial(seed, 1, { onFailure: notes.note });
    return notes.failures.length === 0;
  }

  async #huntFromStart({ seeds, trials, cpuSeconds }: HuntTask): Promise<Hunt> {
    const notes = new Notes();
    const end = this.#cpuMicros() + cpuSeconds * 1_000_000;
    const done: Trial[] = [await this.#trial(startOf(0), seeds, { onFailure: notes.note })];
    const isOver = (): boolean => this.#cpuMicros() >= end;
    while (done.length < trials && !isOver()) {
      const start = startOf(done.length);
      done.push(await this.#trial(start, seeds, { onFailure: notes.note, isOver }));
    }
    return this.#huntOf(notes, done);
  }

  #huntOf(notes: Notes, trials: readonly Trial[]): Hunt {
    const own = notes.failures.find((failure) => this.#breaksOwnRule(failure));
    const { failures, firstOracle, sightings } = notes;
    return { first: failures[0], firstOracle, own, trials, sightings };
  }

  /** Hunts again without each kind of fault, for as long as can still tell whether it is needed. */
  async *ablate(hunt: Hunt, knownKinds: readonly Ablation["fault"][]): AsyncGenerator<Ablation> {
    const { mean } = estimate(tallyOf(hunt.trials));
    if (mean === null) return;
    const seeds = Math.ceil(COST_FACTOR * mean);
    const all = faultsOf(this.#mutant) ?? FAULT_SWITCHES;
    for (const fault of all.filter((kind) => !knownKinds.includes(kind))) {
      const faults = all.filter((kind) => kind !== fault);
      const trials: Trial[] = [];
      while (trials.length < ABLATION_TRIALS) {
        trials.push(await this.#trial(startOf(trials.length), seeds, { faults }));
      }
      yield { fault, trials: trials.length, ...tallyOf(trials) };
    }
  }

  async #trial(firstSeed: number, seeds: number, options: TrialOptions): Promise<Trial> {
    const { faults = faultsOf(this.#mutant), onFailure, isOver } = options;
    let found = false;
    const witness = onFailure && new Witness();
    const { counts } = await runSeeds({
      factory: this.#factory,
      cache: this.#mutant.cached === true ? "simulated" : undefined,
      workloads: this.#mutant.workload && [this.#mutant.workload],
      seeds: Array.from({ length: seeds }, (_, i) => firstSeed + i),
      twice: false,
      faults,
      judgedBy: witness?.judge,
      stopAt: (failure) => {
        if (failure === undefined) return isOver?.() ?? false;
        if (witness !== undefined) onFailure?.(failure, witness.oraclesOf(failure));
        found = this.#isSought(failure);
        return found || (isOver?.() ?? false);
      },
      cpuMicros: () => 0,
    });
    return { firstSeed, worlds: counts.worlds, found };
  }

  /** Real engines are slow: there the first world that fails has to do. */
  #isSought(failure: Failure): boolean {
    return !isSimulated(this.#mutant) || this.#breaksOwnRule(failure);
  }

  /** Any oracle may report the rule that the bug is said to break: of a world the first of them alone is the verdict. */
  #breaksOwnRule(failure: Failure): boolean {
    return breaks(this.#mutant.rule, { violation: failure });
  }
}

/** Asks all oracles of a world in which one saw something, and remembers which others did, until the next world. */
class Witness {
  #verdict: Verdict | undefined;
  #seenBy: readonly string[] = [];

  readonly judge: Judge = (history) => {
    this.#verdict = judge(history);
    const isSound = this.#verdict === undefined;
    const seeing = isSound ? [] : ORACLES.filter(({ check }) => check(history) !== undefined);
    this.#seenBy = seeing.map(({ name }) => name);
    return this.#verdict;
  };

  /** Those that saw the failure of the last world; a verdict that is none of theirs is the consumer's of its workload. */
  oraclesOf({ kind, what }: Failure): readonly string[] {
    if (kind === "crash") return ["crash"];
    return what === this.#verdict?.what ? this.#seenBy : ["workload", ...this.#seenBy];
  }
}

type TrialOptions = Pick<SeedsOptions, "faults"> & {
  readonly onFailure?: (failure: Failure, oracles: readonly string[]) => void;
  /** Whether to give it up. */
  readonly isOver?: () => boolean;
};

/** What is kept of the worlds that failed. */
class Notes {
  readonly failures: Failure[] = [];
  firstOracle: string | undefined;
  readonly #worlds = new Map<string, { oracles: readonly string[]; worlds: number }>();

  get sightings(): readonly Sighting[] {
    return [...this.#worlds.values()];
  }

  readonly note = (failure: Failure, oracles: readonly string[]): void => {
    this.failures.push(failure);
    this.firstOracle ??= oracles[0];
    const key = oracles.join();
    const before = this.#worlds.get(key)?.worlds ?? 0;
    this.#worlds.set(key, { oracles, worlds: before + 1 });
  };
}
