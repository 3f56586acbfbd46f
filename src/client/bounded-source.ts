/** A caller's source of bytes within the bounds of the call it is for (RES-1). */
import { KvError } from "../model/error.ts";
import type { Env } from "../ports/env.ts";
import type { CallBounds } from "./call.ts";

/**
 * What `source` gives, until the call's time is over or its caller gives up: a source that stands still must not hold
 * the call. Rejects then with DEADLINE_EXCEEDED or CANCELLED, and as the source does. The source is told to end
 * whenever its reader stops early, and not waited for.
 */
export async function* withinBounds<T>(
  source: AsyncIterable<T> | Iterable<T>,
  { deadline, signal }: Pick<CallBounds, "deadline" | "signal">,
  { clock, timers }: Pick<Env, "clock" | "timers">,
): AsyncGenerator<T, void, undefined> {
  const pieces = iteratorOf(source);
  let ended: KvError | undefined;
  let wake: (error: KvError) => void = () => undefined;
  const end = (error: KvError): void => {
    ended ??= error;
    wake(ended);
  };
  const next = (): Promise<IteratorResult<T>> =>
    new Promise((resolve, reject) => {
      wake = reject;
      if (ended === undefined) Promise.resolve(pieces.next()).then(resolve, reject);
      else reject(ended);
    });
  const cancelTimer = timers.after(Math.max(0, deadline - clock.monotonic()), () =>
    end(new KvError("DEADLINE_EXCEEDED", "the source had not ended in the time of the call")),
  );
  const onAbort = (): void => end(new KvError("CANCELLED", "the caller gave up"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  let done = false;
  try {
    for (;;) {
      const piece = await next();
      done = piece.done === true;
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", onAbort);
    // Its own failure to end says nothing of why it was told to.
    if (!done) void (async () => pieces.return?.())().catch(() => undefined);
  }
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}
