/**
 * Running every microtask that is due, now, from synchronous code: what makes one event one step of the
 * simulation at a quarter of a microsecond instead of four. Works only where no microtask is running already,
 * so a run is entered from a macrotask. The method is chosen once, and proven before it is used.
 */
import { setFlagsFromString } from "node:v8";

/** Runs the microtask queue until it is empty. */
export type Drain = () => void;

/** A drain that works here and now. Throws when there is none: called from a microtask, or an unknown runtime. */
export function findDrain(): Drain {
  for (const candidate of [checkpointDrain, tickDrain]) {
    const drain = candidate();
    if (drain !== undefined && drainsChains(drain)) return drain;
  }
  throw new Error(
    "no way to drain microtasks: wanted to be called from a macrotask (setImmediate) on Node 24 or newer",
  );
}

/**
 * V8's own checkpoint. Our launcher starts Node with the flag that it needs; elsewhere the flag is set here, for as
 * long as it takes to parse the function, which is when it first runs.
 */
function checkpointDrain(): Drain | undefined {
  return parseCheckpoint() ?? withNativesSyntax(parseCheckpoint);
}

function parseCheckpoint(): Drain | undefined {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the syntax exists only while the flag is on
    const drain = new Function("%PerformMicrotaskCheckpoint()") as Drain;
    drain();
    return drain;
  } catch {
    return undefined;
  }
}

function withNativesSyntax<T>(work: () => T): T {
  setFlagsFromString("--allow-natives-syntax");
  try {
    return work();
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

/** Node's own end-of-callback step: microtasks and next ticks. Undocumented, present since Node 0.10. */
function tickDrain(): Drain | undefined {
  const { _tickCallback: tick } = process as unknown as { readonly _tickCallback?: Drain };
  return tick === undefined ? undefined : () => tick.call(process);
}

/** Whether a chain of a hundred awaits has settled by the time `drain` returns. */
function drainsChains(drain: Drain): boolean {
  let settled = 0;
  const chain = async (): Promise<void> => {
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    settled += 1;
  };
  void chain();
  void chain();
  drain();
  return settled === 2;
}
