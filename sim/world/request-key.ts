/**
 * The name of the request that a call belongs to. It rides on the call's abort signal, the one thing that the
 * service hands through to the engine, so that draws for engine messages are keyed by operation and attempt.
 */

const KEY = Symbol("request key");

type Keyed = { [KEY]?: number };

/** A signal for one request. It never aborts by itself. */
export function keyedSignal(key: number): AbortSignal {
  const signal = {
    aborted: false,
    [KEY]: key,
    addEventListener: ignore,
    removeEventListener: ignore,
  };
  return signal as unknown as AbortSignal;
}

/** A real signal carrying the request's key, for real engines, whose client libraries insist on one. */
export function keyedController(key: number): AbortController {
  const controller = new AbortController();
  (controller.signal as Keyed)[KEY] = key;
  return controller;
}

/** The key of a signal that one of the two above made. */
export function requestKey(signal: AbortSignal): number {
  return (signal as Keyed)[KEY] ?? 0;
}

function ignore(): void {}
