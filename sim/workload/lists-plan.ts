/** Lists of mutations in a world: whether it has any, who applies them when, and where servers crash meanwhile. */
import { type LogOptions, type Micros, MILLISECOND } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../world/keyed-random.ts";
import { type LogStep, LOG_STEPS } from "../world/log-steps.ts";
import type { WorldBounds } from "./namespace-plan.ts";
import type { ListedOperation, Operation } from "./operation.ts";

/** A second namespace that lists reach, and one that is gone after a while. */
export const OTHER_NAMESPACE = "sim_other";
export const DOOMED_NAMESPACE = "sim_doomed";

/** A server crashes when an applier, or the acceptance of a list, comes to a step for the nth time in its world. */
export type StepCrash = {
  readonly step: LogStep;
  readonly nth: number;
  /** Before the engine is called for it, or when its answer is about to come. */
  readonly when: "before" | "after";
  readonly down: Micros;
};

/** What of lists a world has. */
export type ListsPlan = {
  /** Records of the second namespace: numbered after those of the first. */
  readonly others: number;
  /** When a server, `draw` says which, does a round of its applier while clients are at work. */
  readonly rounds: readonly { readonly at: Micros; readonly draw: number }[];
  readonly crashes: readonly StepCrash[];
  /** From when on the doomed namespace is gone, at each server. */
  readonly doomedAt: readonly Micros[];
  readonly log: LogOptions;
};

/** What a plan with lists depends on. */
export type ListsBounds = Pick<WorldBounds, "skewMax"> & {
  readonly servers: number;
  /** When the world's faults end. */
  readonly healAt: Micros;
};

/** Rounds that are drawn go on for so long after faults have ended. */
const BEYOND: Micros = 20 * MILLISECOND;

/** One world in nine has lists. */
export function drawLists(
  random: KeyedRandom,
  { servers, skewMax, healAt }: ListsBounds,
): ListsPlan | undefined {
  if (!chance(random, 1, 9)) return undefined;
  const until = healAt + BEYOND;
  const every = between(random, 3, pick(random, [8, 40])) * MILLISECOND;
  const crashes = chance(random, 2, 3) ? between(random, 1, 4) : 0;
  return {
    others: between(random, 1, 2),
    rounds: Array.from({ length: Math.floor(until / every) }, (_, turn) => ({
      at: (turn + 1) * every,
      draw: turn * 100 + random.below(100),
    })),
    crashes: Array.from({ length: crashes }, () => drawCrash(random)),
    doomedAt: Array.from({ length: servers }, () => between(random, 20, 200) * MILLISECOND),
    log: {
      table: LOG_TABLE,
      pendingMax: chance(random, 1, 6) ? between(random, 2, 6) : 1_000,
      attemptsMax: 3,
      backoffMicros: 4 * MILLISECOND,
      backoffMicrosMax: 20 * MILLISECOND,
      callMicrosMax: 25 * MILLISECOND,
      bucketMicros: between(random, 5, 100) * MILLISECOND,
      settleMicros: 2 * skewMax + SETTLE,
    },
  };
}

/** Longest that the acceptance of a list takes in a world, and what coarse clocks and their drift add to skew. */
const SETTLE: Micros = 80 * MILLISECOND;

/** The table of the log of every world. */
export const LOG_TABLE = "sim_log";

function drawCrash(random: KeyedRandom): StepCrash {
  return {
    step: pick(random, LOG_STEPS),
    nth: between(random, 1, 3),
    when: pick(random, ["before", "after"]),
    down: between(random, 1, 30) * MILLISECOND,
  };
}

/** The operations of a world with lists: some of a client's own are handed in as lists, or ask about the last one. */
export function withLists(
  random: KeyedRandom,
  operations: readonly Operation[],
  shape: { readonly records: number; readonly others: number; readonly keyCount: number },
): readonly Operation[] {
  return operations.map((operation) => {
    const { index, think, giveUp } = operation;
    const roll = random.below(100);
    const common = { index, think, giveUp };
    if (roll < 12) {
      const mutations = drawMutations(random, index, shape);
      return { ...common, kind: "list", record: mutations[0]?.record ?? 0, mutations };
    }
    if (roll < 24) return { ...common, kind: "status", record: 0, of: 0 };
    // Some of what is not of a list meets what lists do in the second namespace.
    if (roll < 40) {
      const record = shape.records + random.below(shape.others);
      return operation.kind === "page"
        ? { ...operation, record, byAlias: false }
        : { ...operation, record };
    }
    return operation;
  });
}

/** Operations of lists are numbered from here on, out of reach of all others. */
const LISTED_FIRST = 1_000_000;
/** Most mutations of a list, and how many numbers each list has for them. */
const MUTATIONS_MAX = 6;
const LISTED_A_LIST = 16;
/** Questions in the end about what became of lists are numbered from here on. */
export const STATUS_FIRST = 950_000;

/** The operation that handed in a list, given that of one of its mutations; any other operation is itself. */
export function listOf(operation: number): number {
  if (operation < LISTED_FIRST) return operation;
  return Math.floor((operation - LISTED_FIRST) / LISTED_A_LIST);
}

function drawMutations(
  random: KeyedRandom,
  index: number,
  { records, others, keyCount }: { records: number; others: number; keyCount: number },
): readonly ListedOperation[] {
  const count = between(random, 1, MUTATIONS_MAX);
  // Mostly of few records, so that their order matters.
  const some = [0, 1].map(() => random.below(records + others));
  const isPoisoned = chance(random, 1, 3);
  return Array.from({ length: count }, (_, place) => {
    const common = {
      operation: LISTED_FIRST + index * LISTED_A_LIST + place,
      record: pick(random, some),
      isDoomed: isPoisoned && place > 0 && chance(random, 1, 3),
    };
    const keys = [random.below(keyCount)];
    const roll = random.below(10);
    if (roll < 6) return { ...common, kind: "put", keys };
    if (roll < 8) return { ...common, kind: "delete_keys", keys };
    if (roll < 9) {
      const from = random.below(keyCount);
      return { ...common, kind: "delete_range", from, to: between(random, from + 1, keyCount) };
    }
    return { ...common, kind: "delete_record" };
  });
}
