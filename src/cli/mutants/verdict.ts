/** A planted bug's line of the report, from what the hunts for it came to. */
import { COST_FACTOR, provenNeeds } from "kvdal/sim";
import type { Mutant } from "kvdal/sim/mutants";
import { estimate, isNeeded, tallyOf } from "./estimate.ts";
import type { Ablation, Hunt, Sighting } from "./hunt.ts";

/** The line. */
export type Verdict = {
  readonly name: string;
  readonly family: string;
  readonly rule: string;
  /** Kinds of fault that it was measured to need, joined by a plus. */
  readonly fault: string | null;
  /** The oracle whose verdict the first failing world was; `crash` where something threw, `workload` for a consumer's measure. */
  readonly oracle: string | null;
  /** The proof that it does no harm, where it does none. */
  readonly equivalent: string | null;
  /** The public bug that it is. */
  readonly origin: string | null;
  readonly found: boolean;
  /** Seed of the first world that found it. */
  readonly seed: number | null;
  /** Worlds until its own rule is broken, on average; over real engines, until anything is. */
  readonly meanSeedsToDetect: number | null;
  /** Between what that lies with 95 % certainty; no bound is null. */
  readonly interval: readonly [low: number, high: number | null];
  readonly trials: number;
  /** Trials that found it. */
  readonly trialsFound: number;
  readonly engine: string;
  readonly foundAs: string | null;
  /** Seed of the first world in which its own rule was reported; over real engines the first world has to do. */
  readonly ownSeed: number | null;
  /** Of all trials. */
  readonly worlds: number;
  readonly sightings: readonly Sighting[];
  /** Oracles without which it is lost, or costs five times the worlds. */
  readonly neededOracles: readonly string[];
  /** Kinds of fault without which it is lost, or costs five times the worlds; null where that was not tried. */
  readonly neededFaults: readonly Ablation["fault"][] | null;
  readonly ablations: readonly Ablation[];
};

/** The verdict on a bug; `ablations` is undefined where none was asked for. */
export function verdictOn(
  mutant: Mutant,
  hunt: Hunt,
  ablations: readonly Ablation[] | undefined,
): Verdict {
  const { first, firstOracle, own, trials, sightings } = hunt;
  const tally = tallyOf(trials);
  const { mean, low, high } = estimate(tally);
  return {
    name: mutant.name,
    family: mutant.family,
    rule: mutant.rule,
    fault: faultsOf(mutant).join(" + ") || null,
    oracle: firstOracle ?? null,
    equivalent: mutant.equivalent ?? null,
    origin: mutant.origin ?? null,
    found: first !== undefined,
    seed: first?.seed ?? null,
    meanSeedsToDetect: mean,
    interval: [low, high],
    trials: trials.length,
    trialsFound: tally.found,
    engine: mutant.engine ?? "replicated",
    foundAs: first === undefined ? null : `${first.rule}: ${first.what}`,
    ownSeed: own?.seed ?? null,
    worlds: tally.worlds,
    sightings,
    neededOracles: neededOracles(sightings),
    neededFaults: ablations === undefined || mean === null ? null : neededFaults(ablations, mean),
    ablations: ablations ?? [],
  };
}

/** Whether all is well: it was found, or nobody can find it, and nobody has. */
export function isSettled({ found, equivalent }: Verdict): boolean {
  return found === (equivalent === null);
}

/** Those that the bug is said to need, and was measured to. */
function faultsOf({ name, faults = [] }: Mutant): readonly string[] {
  const proven = provenNeeds(name);
  return faults.filter((kind) => proven.some((need) => need.kind === kind));
}

function neededFaults(ablations: readonly Ablation[], mean: number): readonly Ablation["fault"][] {
  return ablations.filter((ablation) => isNeeded(ablation, mean)).map(({ fault }) => fault);
}

/** Those without which few of the failing worlds would have been seen to fail. */
function neededOracles(sightings: readonly Sighting[]): readonly string[] {
  const count = (some: readonly Sighting[]): number =>
    some.reduce((sum, { worlds }) => sum + worlds, 0);
  const names = [...new Set(sightings.flatMap(({ oracles }) => oracles))];
  return names.filter((name) => {
    const others = sightings.filter(({ oracles }) => oracles.some((other) => other !== name));
    return COST_FACTOR * count(others) <= count(sightings);
  });
}
