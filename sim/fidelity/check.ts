/**
 * The fidelity check: the same drawn lists of operations on two engines, a simulated one and the one whose shape it
 * has, every answer compared. A difference is a bug of one of them, mostly of the simulated one.
 */
import type { Micros } from "kvdal";
import type { Env } from "kvdal/client";
import { hash32, planRandom } from "../world/keyed-random.ts";
import { shrink } from "./shrink.ts";

/** Two things that lists of operations are run on. */
export type FidelityPair<Operation> = {
  readonly name: string;
  /** Draws the list of a seed. */
  readonly draw: (seed: number) => readonly Operation[];
  /**
   * Runs a list on both from nothing, side by side, up to the first difference. `turn` is a number that no other run
   * of this check has.
   */
  readonly compare: (
    operations: readonly Operation[],
    seed: number,
    turn: number,
  ) => Promise<Comparison>;
  /** What an operation says, for people. */
  readonly tell: (operation: Operation, seed: number) => string;
  /** Smaller forms of one operation, to be tried in its place. */
  readonly smaller: (operation: Operation) => readonly Operation[];
  readonly close: () => Promise<void>;
};

/** What came of a list. */
export type Comparison = {
  /** Operations whose answers were compared, the differing one included. */
  readonly compared: number;
  readonly difference: Difference | undefined;
};

/** Where two engines differ. */
export type Difference = { readonly at: number; readonly left: string; readonly right: string };

/** How many lists, which, and how many of them at a time. */
export type FidelityOptions = {
  readonly lists: number;
  readonly seed: number;
  readonly parallel: number;
  readonly env: Env;
  /** A list that differs has been shrunk. */
  readonly onDifference?: (found: FidelityFailure) => void;
};

/** A list on which the two differ, as short as it gets. */
export type FidelityFailure = {
  /** Of the list: the check with this seed and one list repeats it. */
  readonly seed: number;
  readonly operations: readonly string[];
  /** Of the last operation. */
  readonly left: string;
  readonly right: string;
};

/** What a check came to. */
export type FidelityReport = {
  readonly pair: string;
  readonly lists: number;
  /** Those of the lists whose answers were compared. */
  readonly operations: number;
  readonly micros: Micros;
  readonly differences: readonly FidelityFailure[];
};

/** Lists that are shrunk: after some, further ones say the same. */
const SHRUNK_MAX = 5;

/** Runs the lists of consecutive seeds on both. Rejects for faults that are no answers. Closing the pair is the caller's. */
export async function checkFidelity<Operation>(
  pair: FidelityPair<Operation>,
  { lists, seed: first, parallel, env, onDifference }: FidelityOptions,
): Promise<FidelityReport> {
  const begun = env.clock.monotonic();
  const differing: number[] = [];
  let [next, turn, operations] = [0, 0, 0];
  const compare = (list: readonly Operation[], seed: number): Promise<Comparison> => {
    turn += 1;
    return pair.compare(list, seed, turn);
  };
  const worker = async (): Promise<void> => {
    while (next < lists) {
      const seed = first + next;
      next += 1;
      const { compared, difference } = await compare(pair.draw(seed), seed);
      operations += compared;
      if (difference !== undefined) differing.push(seed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, lists) }, worker));
  const differences: FidelityFailure[] = [];
  for (const seed of differing.toSorted((a, b) => a - b).slice(0, SHRUNK_MAX)) {
    const found = await explain(pair, seed, async (list) => (await compare(list, seed)).difference);
    if (found === undefined) continue;
    differences.push(found);
    onDifference?.(found);
  }
  const micros = env.clock.monotonic() - begun;
  return { pair: pair.name, lists, operations, micros, differences };
}

/** The list of a seed, shrunk, and how the two differ on it; undefined when they agree the second time. */
async function explain<Operation>(
  pair: FidelityPair<Operation>,
  seed: number,
  compare: (list: readonly Operation[]) => Promise<Difference | undefined>,
): Promise<FidelityFailure | undefined> {
  const fails = async (list: readonly Operation[]): Promise<boolean> =>
    (await compare(list)) !== undefined;
  let list = await shrink(pair.draw(seed), fails);
  list = await shrinkEach(list, pair.smaller, fails);
  const difference = await compare(list);
  if (difference === undefined) return undefined;
  const { at, left, right } = difference;
  const told = list.slice(0, at + 1).map((operation) => pair.tell(operation, seed));
  return { seed, operations: told, left, right };
}

async function shrinkEach<Operation>(
  list: readonly Operation[],
  smaller: (operation: Operation) => readonly Operation[],
  fails: (list: readonly Operation[]) => Promise<boolean>,
): Promise<readonly Operation[]> {
  let shortest = list;
  for (let at = 0; at < shortest.length; at += 1) {
    for (let found: Operation | undefined = shortest[at]; found !== undefined; ) {
      const now: Operation = found;
      found = undefined;
      for (const candidate of smaller(now)) {
        const changed = shortest.with(at, candidate);
        if (!(await fails(changed))) continue;
        shortest = changed;
        found = candidate;
        break;
      }
    }
  }
  return shortest;
}

/** A stream for the list of a seed. */
export function listRandom(seed: number, purpose: string): ReturnType<typeof planRandom> {
  return planRandom(hash32(seed, 0xf1d), purpose);
}
