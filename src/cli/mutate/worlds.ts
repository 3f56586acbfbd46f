/** The simulated worlds in which machine-made mutants are hunted, by kind. */
import {
  CONDITIONAL,
  type Failure,
  FAULT_SWITCHES,
  planOfSeed,
  REPLICATED,
  runSeeds,
  type WorldOptions,
  WORKLOAD_NAMES,
} from "kvdal/sim";
import { cpuMicros } from "../cpu-micros.ts";

/** A kind of world, and how many of it are looked at: the first seeds. */
type WorldKind = Omit<WorldOptions, "twice"> & {
  readonly worlds: number;
  /** Only those that are asked at their end what is known to the last byte, or counted what calls cost. */
  readonly asks?: "exact" | "costs";
};

/** The kinds, by name. */
export type KindName =
  | "replicated"
  | "exact"
  | "cached"
  | "cached, exact"
  | "workloads"
  | "conditional"
  | "conditional, exact"
  | "conditional, cached"
  | "costs";

const KINDS: Readonly<Record<KindName, WorldKind>> = {
  replicated: { factory: REPLICATED, worlds: 200 },
  exact: { factory: REPLICATED, worlds: 12, asks: "exact" },
  cached: { factory: REPLICATED, cache: "simulated", worlds: 100 },
  "cached, exact": { factory: REPLICATED, cache: "simulated", worlds: 12, asks: "exact" },
  workloads: { factory: REPLICATED, workloads: WORKLOAD_NAMES, worlds: 48 },
  conditional: { factory: CONDITIONAL, worlds: 100 },
  "conditional, exact": { factory: CONDITIONAL, worlds: 6, asks: "exact" },
  "conditional, cached": { factory: CONDITIONAL, cache: "simulated", worlds: 48 },
  costs: { factory: REPLICATED, worlds: 4, asks: "costs" },
};

/** Their names, those that find most first. */
export const KIND_NAMES: readonly KindName[] = Object.keys(KINDS) as KindName[];

/** One world. */
export type WorldName = { readonly kind: KindName; readonly seed: number };

/** All of them. */
export function allWorlds(): readonly WorldName[] {
  return KIND_NAMES.flatMap((kind) => seedsOf(KINDS[kind]).map((seed) => ({ kind, seed })));
}

function seedsOf({ worlds, asks, factory, cache }: WorldKind): readonly number[] {
  const facts = { factory, isCached: cache !== undefined };
  const seeds: number[] = [];
  for (let seed = 1; seeds.length < worlds; seed += 1) {
    if (asks === undefined || planOfSeed(seed, facts)[asks] === true) seeds.push(seed);
  }
  return seeds;
}

/** Amplification points would move what V8 counts, and could lie where a mutant is. */
const FAULTS = FAULT_SWITCHES.filter((kind) => kind !== "amplification");

/** Runs it; its failure, if it fails. */
export async function runOne({ kind, seed }: WorldName): Promise<Failure | undefined> {
  const { worlds: _, asks: __, ...how } = KINDS[kind];
  const { failures } = await runSeeds({
    ...how,
    faults: FAULTS,
    seeds: [seed],
    twice: false,
    stopAt: () => true,
    cpuMicros,
  });
  return failures[0];
}
