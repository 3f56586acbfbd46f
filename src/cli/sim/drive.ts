/** A campaign under way: turns are handed to executors, and it ends when they are done, in time or by a signal. */
import { availableParallelism } from "node:os";
import { type Asked, type CampaignEnd, openTurns, type TurnRange, turnsOf } from "kvdal/sim";
import type { Done, Executor } from "./executor.ts";

/** Turns handed out at a time: a quarter of a second of simulated replicas. */
const TURNS_AT_A_TIME = 25;
/** A campaign of fewer worlds is over before more processes would pay. */
const WORKERS_FROM_TURNS = 4_000;
/** The same of one that has a time to run for. */
const WORKERS_FROM_MILLIS = 60_000;

/** How many processes run a campaign for which no number is given. */
export function workersFor(asked: Asked, done: number): number {
  const left = turnsOf(asked) - done;
  const isLarge =
    asked.forMillis === null ? left >= WORKERS_FROM_TURNS : asked.forMillis >= WORKERS_FROM_MILLIS;
  return isLarge ? availableParallelism() : 1;
}

/** What is driven. */
export type DriveOptions = {
  readonly asked: Asked;
  /** Turns that were done before. */
  readonly done: readonly TurnRange[];
  /** Time that is left, milliseconds; undefined for no end but that of the turns. */
  readonly millisLeft: number | undefined;
  readonly executors: readonly Executor[];
  /** Told of turns as they are done. */
  readonly onDone: (done: Done) => void;
};

/** Runs what is left of the campaign. */
export async function drive(options: DriveOptions): Promise<CampaignEnd> {
  const { asked, executors, millisLeft } = options;
  const turns = openTurns(options.done, turnsOf(asked), TURNS_AT_A_TIME);
  let end: CampaignEnd = "done";
  const stop = (why: CampaignEnd): void => {
    end = why;
    for (const executor of executors) executor.stop();
  };
  const stopListening = onSignals(() => stop("interrupted"));
  const timer = millisLeft === undefined ? undefined : setTimeout(() => stop("time"), millisLeft);
  try {
    await Promise.all(
      executors.map(async (executor) => {
        // All take from the same turns.
        for (const range of turns) {
          const done = await executor.run(range);
          if (done.range.count > 0) options.onDone(done);
          if (end !== "done") return;
        }
      }),
    );
    return end;
  } finally {
    clearTimeout(timer);
    stopListening();
    for (const executor of executors) executor.close();
  }
}

/** How long after the first signal others are taken for the same one, milliseconds. */
const SAME_SIGNAL_MILLIS = 1_000;

/**
 * The first signal ends the campaign after the worlds under way, a later one ends the process at once. One Ctrl-C may
 * come twice: from the terminal to all of its processes, and handed on by those that started this one. So what follows
 * within a second is not listened to, also where the campaign is over by then, and its summary still to be told.
 */
function onSignals(stop: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  let isHeard = false;
  const stopListening = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  const onSignal = (): void => {
    if (isHeard) return;
    isHeard = true;
    setTimeout(stopListening, SAME_SIGNAL_MILLIS).unref();
    stop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    if (!isHeard) stopListening();
  };
}
