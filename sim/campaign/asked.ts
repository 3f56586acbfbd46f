/** What a campaign was asked to do: which seeds, how their worlds are, and which share of them is this one's. */

import type { FaultSwitch } from "../faults/only.ts";
import type { WorkloadName } from "../workload/consumers/consumer.ts";

/** The share of a campaign that one machine does: every `of`th seed, `index` of them after the first; 0 of 1 is all. */
export type Shard = { readonly index: number; readonly of: number };

/** What was asked for. Plain data: two shards belong together if all of it but `shard.index` is equal. */
export type Asked = {
  readonly engine: string;
  /** What is in front of the engine in all worlds; null where some have a simulated cache. */
  readonly cacheEngine: string | null;
  readonly twice: boolean;
  /** Kinds of fault that worlds may have; null for all. */
  readonly faults: readonly FaultSwitch[] | null;
  /** Whose workloads worlds have, by turns; null for no consumer's. */
  readonly workloads: readonly WorkloadName[] | null;
  /** Seeds are consecutive from here on. */
  readonly firstSeed: number;
  /** How many there are, over all shards; null for as many as there is time for. */
  readonly seeds: number | null;
  /** Time to run for, milliseconds; null for no end but that of the seeds. */
  readonly forMillis: number | null;
  readonly shard: Shard;
};

/** The largest seed there is. */
export const SEED_MAX: number = 2 ** 31 - 1;

/** The seed that a shard does at its `turn`th turn, from 0. */
export function seedAt({ firstSeed, shard }: Asked, turn: number): number {
  return firstSeed + shard.index + turn * shard.of;
}

/** How many seeds a shard has. */
export function turnsOf({ firstSeed, seeds, shard }: Asked): number {
  const all = seeds ?? SEED_MAX - firstSeed + 1;
  return Math.max(0, Math.ceil((all - shard.index) / shard.of));
}

/** The seeds of some turns, in their order. */
export function* seedsAt(asked: Asked, { from, count }: TurnRange): Generator<number> {
  for (let turn = from; turn < from + count; turn += 1) yield seedAt(asked, turn);
}

/** Consecutive turns of a shard. */
export type TurnRange = { readonly from: number; readonly count: number };

/** Ranges that touch or overlap put together, in their order. */
export function joined(ranges: readonly TurnRange[]): readonly TurnRange[] {
  const all: { from: number; count: number }[] = [];
  for (const { from, count } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || last.from + last.count < from) all.push({ from, count });
    else last.count = Math.max(last.count, from + count - last.from);
  }
  return all;
}

/** How many turns they have. */
export function countOf(ranges: readonly TurnRange[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

/** The turns below `end` that are not done, in ranges of at most `size`. */
export function* open(done: readonly TurnRange[], end: number, size: number): Generator<TurnRange> {
  let at = 0;
  for (const { from, count } of [...joined(done), { from: end, count: 0 }]) {
    for (; at < from; at += size) yield { from: at, count: Math.min(size, from - at) };
    at = from + count;
  }
}
