/** Runs the applier in the background, round after round, until it is stopped. */
import type { Micros } from "../model/time.ts";
import type { Env } from "../ports/env.ts";
import type { ApplyReport } from "./apply-lists.ts";
import type { MutationLog } from "./mutation-log.ts";

/** What a running applier works with. */
export type ApplierParts = {
  readonly env: Env;
  readonly log: MutationLog;
  /** Told how each round ended. Must not throw. */
  readonly onRound?: (result: ApplyReport | Error) => void;
};

/** An applier at work. */
export type Applier = {
  /** Begins no further step, cancels the one that is out, and resolves when nothing is left of it (RES-1). */
  readonly stop: () => Promise<void>;
};

/** Starts one. A round that fails leaves its work to the next; servers do not go in step. */
export function startApplier({ env, log, onRound }: ApplierParts): Applier {
  const stopping = new AbortController();
  let round: Promise<void> = Promise.resolve();
  let cancelTimer = (): void => undefined;
  const wait = (delay: Micros): void => {
    cancelTimer = env.timers.after(delay, () => {
      round = work().finally(() => {
        if (!stopping.signal.aborted) wait(log.everyMicros);
      });
    });
  };
  const work = async (): Promise<void> => {
    try {
      const report = await log.apply(stopping.signal);
      onRound?.(report);
    } catch (error) {
      onRound?.(error as Error);
    }
  };
  const draw = env.random.fork("applier").below(0x1_0000);
  wait(Math.floor((log.everyMicros * draw) / 0x1_0000));
  return {
    stop: async () => {
      cancelTimer();
      stopping.abort();
      await round;
    },
  };
}
