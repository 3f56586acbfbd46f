/** Runs the applier in the background, round after round, until it is stopped. */
import type { Env } from "../ports/env.ts";
import type { ApplyReport } from "./apply-lists.ts";
import type { MutationLog } from "./mutation-log.ts";
import { type Rounds, startRounds } from "./rounds.ts";

/** What a running applier works with. */
export type ApplierParts = {
  readonly env: Env;
  readonly log: MutationLog;
  /** Told how each round ended. Must not throw. */
  readonly onRound?: (result: ApplyReport | Error) => void;
};

/** Starts one. A round that fails leaves its work to the next. */
export function startApplier({ env, log, onRound }: ApplierParts): Rounds {
  const work = async (signal: AbortSignal): Promise<void> => {
    try {
      const report = await log.apply(signal);
      onRound?.(report);
    } catch (error) {
      onRound?.(error as Error);
    }
  };
  return startRounds({ env, purpose: "applier", every: log.everyMicros, work });
}
