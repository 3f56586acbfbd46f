/** Work in the background, round after round, until it is stopped: what a janitor and an applier have in common. */
import type { Micros } from "../model/time.ts";
import type { Env } from "../ports/env.ts";

/** What is done in rounds. */
export type RoundsParts = {
  readonly env: Env;
  /** Names the draw of the first round's moment. */
  readonly purpose: string;
  /** Time between the end of a round and the beginning of the next, microseconds. */
  readonly every: Micros;
  /** One round. Must not reject; begins no further step once the signal is aborted. */
  readonly work: (signal: AbortSignal) => Promise<void>;
};

/** Rounds that go on. */
export type Rounds = {
  /** Begins no further step, cancels the one that is out, and resolves when nothing is left of it (RES-1). */
  readonly stop: () => Promise<void>;
};

/** Starts them. The first begins at a random moment of the first interval, so that servers do not go in step. */
export function startRounds({ env, purpose, every, work }: RoundsParts): Rounds {
  const stopping = new AbortController();
  let round: Promise<void> = Promise.resolve();
  let cancelTimer = (): void => undefined;
  const wait = (delay: Micros): void => {
    cancelTimer = env.timers.after(delay, () => {
      round = work(stopping.signal).finally(() => {
        if (!stopping.signal.aborted) wait(every);
      });
    });
  };
  wait(Math.floor((every * env.random.fork(purpose).below(0x1_0000)) / 0x1_0000));
  return {
    stop: async () => {
      cancelTimer();
      stopping.abort();
      await round;
    },
  };
}
