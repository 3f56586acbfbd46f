/** Runs maintenance in the background, round after round, until it is stopped. */
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Env } from "../ports/env.ts";
import { maintain, type MaintenanceReport } from "./maintain.ts";

/** What a janitor works with. */
export type JanitorParts = {
  readonly env: Env;
  /** The namespaces of the moment, asked for at the beginning of each round. */
  readonly namespaces: () => readonly Namespace[];
  /** Swept at the end of each round. */
  readonly log?: { readonly sweep: (signal: AbortSignal) => Promise<number> } | undefined;
  /** Time between the end of a round and the beginning of the next, microseconds. */
  readonly every: Micros;
  /** Told how each namespace's round ended; an error ends no more than that. */
  readonly onRound?: (namespace: string, result: MaintenanceReport | Error) => void;
};

/** A janitor at work. */
export type Janitor = {
  /** Begins no further step, cancels the one that is out, and resolves when nothing is left of it (RES-1). */
  readonly stop: () => Promise<void>;
};

/** Starts one. Its first round begins at a random moment of the first interval, so that servers do not go in step. */
export function startJanitor({ env, namespaces, every, log, onRound }: JanitorParts): Janitor {
  const stopping = new AbortController();
  let round: Promise<void> = Promise.resolve();
  let cancelTimer = (): void => undefined;
  const wait = (delay: Micros): void => {
    cancelTimer = env.timers.after(delay, () => {
      round = work().finally(() => {
        if (!stopping.signal.aborted) wait(every);
      });
    });
  };
  const work = async (): Promise<void> => {
    for (const namespace of namespaces()) {
      if (stopping.signal.aborted) return;
      try {
        const report = await maintain(namespace, env, stopping.signal);
        onRound?.(namespace.name, report);
      } catch (error) {
        onRound?.(namespace.name, error as Error);
      }
    }
    if (stopping.signal.aborted) return;
    // What is left of the log's table takes space and nothing else: the next round has another try.
    await log?.sweep(stopping.signal).catch(() => 0);
  };
  wait(Math.floor((every * env.random.fork("janitor").below(0x1_0000)) / 0x1_0000));
  return {
    stop: async () => {
      cancelTimer();
      stopping.abort();
      await round;
    },
  };
}
