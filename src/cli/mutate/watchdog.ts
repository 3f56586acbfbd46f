/** A thread that ends this process when a world takes too much CPU time: the process itself may be in a loop without end. */
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { cpuMicros } from "../cpu-micros.ts";

/** The signal by which the process ends then. */
export const TIME_OUT_SIGNAL = "SIGALRM";

const LOOK_EVERY_MILLIS = 250;

type Watched = { readonly turns: Int32Array; readonly seconds: number };

/** Starts it. To be told, by the function that it returns, whenever a world begins. */
export function watchWorlds(seconds: number): () => void {
  const turns = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL("./watchdog.ts", import.meta.url), {
    workerData: { turns, seconds } satisfies Watched,
  });
  thread.unref();
  return () => {
    Atomics.add(turns, 0, 1);
  };
}

function watch({ turns, seconds }: Watched): void {
  let seen = -1;
  let since = 0;
  setInterval(() => {
    const turn = Atomics.load(turns, 0);
    if (turn !== seen) [seen, since] = [turn, cpuMicros()];
    else if (cpuMicros() - since > seconds * 1_000_000) process.kill(process.pid, TIME_OUT_SIGNAL);
  }, LOOK_EVERY_MILLIS);
}

if (!isMainThread && workerData !== null) watch(workerData as Watched);
