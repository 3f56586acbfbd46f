/** What a trouble of its storage costs a replica: which entries of its log are gone. */
import type { Micros } from "kvdal";
import type { Trouble } from "../../faults/trouble.ts";
import { hash32, scale } from "../../world/keyed-random.ts";

/** An entry of a log, as far as damage is concerned. */
type Entry = { readonly durableAt: Micros };

/** What is gone. */
export type Damage = {
  readonly isLost: (entry: Entry) => boolean;
  /** Whether that is more than a crash alone would have cost, or less. */
  readonly mattered: boolean;
};

const MILLION = 1_000_000;

/** What is gone of a log, now. */
export function damageOf(
  { kind, by, at }: Trouble,
  log: readonly Entry[],
  { now, seed }: { readonly now: Micros; readonly seed: number },
): Damage {
  if (kind === "torn_write") {
    // What was written first is there.
    const unsynced = log.filter(({ durableAt }) => durableAt > now);
    const torn = new Set(unsynced.slice(Math.ceil(unsynced.length / 2)));
    return { isLost: (entry) => torn.has(entry), mattered: unsynced.length > 1 };
  }
  if (kind === "corruption") {
    const hit = log.filter((_, place) => scale(hash32(seed, at, place), MILLION) < by);
    const gone = new Set(hit);
    return { isLost: (entry) => gone.has(entry), mattered: gone.size > 0 };
  }
  const since = kind === "wipe" ? Number.NEGATIVE_INFINITY : now - by;
  const isLost = ({ durableAt }: Entry): boolean => durableAt > since;
  return { isLost, mattered: log.some((entry) => isLost(entry) && entry.durableAt <= now) };
}
