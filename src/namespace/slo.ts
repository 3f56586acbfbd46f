/** Service levels of a namespace: how fast it is to be, and how slow it may be (SLO-1). */
import { KvError } from "../model/error.ts";
import type { LatencyObjective, Slo } from "../model/signals.ts";
import { type Micros, MILLISECOND } from "../model/time.ts";

/** Service levels as they are asked for; what is left out is at its default: target 10 ms, max 500 ms. */
export type SloOptions = {
  readonly read?: Partial<LatencyObjective>;
  readonly write?: Partial<LatencyObjective>;
  /** Of deletes, where they are other than those of puts. */
  readonly deletes?: Partial<LatencyObjective>;
  /** Of lists of mutations, until they are accepted, where they are other than those of puts. */
  readonly lists?: Partial<LatencyObjective>;
};

/** What a kind of call has that a namespace with service levels says nothing of. */
export const LATENCY_DEFAULT: LatencyObjective = {
  target: 10 * MILLISECOND,
  max: 500 * MILLISECOND,
};

/**
 * The service levels asked for; undefined when none are: the request's own deadline then rules alone. Throws
 * INVALID_ARGUMENT unless target and max are whole microseconds, 1 <= target <= max.
 */
export function resolveSlo(options: SloOptions | undefined): Slo | undefined {
  if (options === undefined) return undefined;
  const { read, write, deletes, lists } = options;
  return {
    read: objective("read", read),
    write: objective("write", write),
    ...(deletes && { deletes: objective("deletes", deletes) }),
    ...(lists && { lists: objective("lists", lists) }),
  };
}

function objective(
  kind: keyof SloOptions,
  asked: Partial<LatencyObjective> = {},
): LatencyObjective {
  const max = asked.max ?? Math.max(LATENCY_DEFAULT.max, asked.target ?? 0);
  const target = asked.target ?? Math.min(LATENCY_DEFAULT.target, max);
  const isWhole = (micros: Micros): boolean => Number.isSafeInteger(micros) && micros >= 1;
  if (isWhole(target) && isWhole(max) && target <= max) return { target, max };
  throw new KvError(
    "INVALID_ARGUMENT",
    `namespace field slo.${kind} is target ${target}, max ${max}, ` +
      "wanted whole microseconds, 1 <= target <= max",
  );
}
