/** Runs maintenance in the background, round after round, until it is stopped. */
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Env } from "../ports/env.ts";
import { maintain, type MaintenanceReport } from "./maintain.ts";
import { type Rounds, startRounds } from "./rounds.ts";

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

/** Starts one. */
export function startJanitor({ env, namespaces, every, log, onRound }: JanitorParts): Rounds {
  const work = async (signal: AbortSignal): Promise<void> => {
    for (const namespace of namespaces()) {
      if (signal.aborted) return;
      try {
        const report = await maintain(namespace, env, signal);
        onRound?.(namespace.name, report);
      } catch (error) {
        onRound?.(namespace.name, error as Error);
      }
    }
    if (signal.aborted) return;
    // What is left of the log's table takes space and nothing else: the next round has another try.
    await log?.sweep(signal).catch(() => 0);
  };
  return startRounds({ env, purpose: "janitor", every, work });
}
