/** Two storage engines for the fidelity check. */
import { HOUR, type Micros, SECOND } from "kvdal";
import { type Env, neverAborted } from "kvdal/client";
import type { EngineAdapter, EngineCapabilities, StorageEngine } from "kvdal/engine";
import { type Comparison, type FidelityPair, listRandom } from "./check.ts";
import { type CommonGround, drawList } from "./draw-list.ts";
import type { FidelityList, FidelityOperation } from "./operation.ts";
import { perform, type Stage, type Subject } from "./perform.ts";

/** What a pair is made of. */
export type StoragePairOptions = {
  readonly name: string;
  /** Both with expiry by the callers' clocks alone. */
  readonly adapters: readonly [left: EngineAdapter, right: EngineAdapter];
  /** The real world: both live in it. */
  readonly env: Env;
  /** A table of this name is made on both: new for each check. */
  readonly table: string;
  /** Whether both are one adapter, whose pages end at the same rows. */
  readonly samePages: boolean;
};

const TIMEOUT: Micros = 120 * SECOND;
/** Sizes that are looked at everywhere, bytes. */
const PADDINGS = [0, 30, 5_000];
/** The share of an item that metadata, keys and names take at most here. */
const AROUND_LIMIT = 100_000;

/** Opens both and makes their table. Rejects as they do. */
export async function openStoragePair(
  options: StoragePairOptions,
): Promise<FidelityPair<FidelityOperation>> {
  const { name, adapters, env, table, samePages } = options;
  const context = { env, native: <T>(_label: string, thunk: () => Promise<T>) => thunk() };
  const [left, right] = await Promise.all(adapters.map((adapter) => adapter.open(context)));
  const subjects = [left, right].map((engine, i) => {
    return { name: adapters[i]!.name, engine: engine as StorageEngine, env, table };
  });
  for (const { engine } of subjects) {
    const call = { deadline: env.clock.monotonic() + TIMEOUT, signal: neverAborted };
    const spec = { table, retention: 24 * HOUR };
    await engine.provision(spec, { ...call, consistency: "quorum", now: env.clock.wall() });
  }
  const begun = Math.floor(env.clock.wall() / SECOND) * SECOND;
  const [one, other] = subjects.map(({ engine }) => engine.capabilities) as [
    EngineCapabilities,
    EngineCapabilities,
  ];
  const ground = groundOf(one, other);
  const words = { outcomes: one.outcome === other.outcome, pages: samePages };
  const listOf = (seed: number): FidelityList => drawList(listRandom(seed, name), ground);
  return {
    name,
    draw: (seed) => listOf(seed).operations,
    compare: (operations, seed, turn) => {
      const { keys } = listOf(seed);
      const stage = { list: { keys, operations }, prefix: `${turn}-`, begun, words };
      return compareLists(subjects, stage);
    },
    tell: (operation) => JSON.stringify(operation),
    smaller,
    close: async () => {
      for (const { engine } of subjects) await engine.close();
    },
  };
}

/** What both can be asked: what one of them declares not to do is not asked of the other. */
function groundOf(one: EngineCapabilities, other: EngineCapabilities): CommonGround {
  const limit = Math.min(one.inlineBytesMax, other.inlineBytesMax);
  const isTold = one.inlineBytesMax === other.inlineBytesMax && limit < 1024 * 1024;
  return {
    putIfAbsent: one.putIfAbsent === other.putIfAbsent,
    writesAreAtomic: one.atomicWrite === "record" && other.atomicWrite === "record",
    consistency: one.consistency.filter((level) => other.consistency.includes(level)),
    // A value past the limit of one alone would differ, rightly.
    paddings: isTold ? [...PADDINGS, limit, limit + AROUND_LIMIT] : PADDINGS,
  };
}

/** The list on both, operation by operation, until they differ. */
async function compareLists(subjects: readonly Subject[], stage: Stage): Promise<Comparison> {
  const { operations } = stage.list;
  for (const [at, operation] of operations.entries()) {
    const [left, right] = (await Promise.all(
      subjects.map((subject) => perform(subject, stage, operation)),
    )) as [string, string];
    if (left !== right) return { compared: at + 1, difference: { at, left, right } };
  }
  return { compared: operations.length, difference: undefined };
}

/** Fewer mutations, fewer keys, one segment. */
function smaller(operation: FidelityOperation): readonly FidelityOperation[] {
  if (operation.kind === "write" && operation.mutations.length > 1) {
    return operation.mutations.map((_, i) => {
      return { ...operation, mutations: operation.mutations.toSpliced(i, 1) };
    });
  }
  if (operation.kind === "read_keys" && operation.keys.length > 1) {
    return operation.keys.map((_, i) => ({ ...operation, keys: operation.keys.toSpliced(i, 1) }));
  }
  if (operation.kind === "scan" && operation.segments > 1) return [{ ...operation, segments: 1 }];
  return [];
}
