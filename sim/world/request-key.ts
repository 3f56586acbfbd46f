/**
 * The name of the request that a call belongs to. It rides on the call's abort signal, the one thing that the
 * service hands through to the engine, so that draws for engine messages are keyed by operation and attempt. Beside it
 * ride the amplification points that the request may meet: what is put into the code at one asks the signal for them.
 */
import type { RequestPoints } from "../amplify/amplifier.ts";
import { hash32 } from "./keyed-random.ts";

const KEY = Symbol("request key");
const CALLS = Symbol("engine calls of the request");

type Keyed = { [KEY]?: number; [CALLS]?: number };

/** A signal for one request. It never aborts by itself. */
export function keyedSignal(key: number, amplify?: RequestPoints): AbortSignal {
  const signal = {
    aborted: false,
    [KEY]: key,
    amplify,
    addEventListener: ignore,
    removeEventListener: ignore,
  };
  return signal as unknown as AbortSignal;
}

/** A real signal carrying the request's key, for real engines, whose client libraries insist on one. */
export function keyedController(key: number, amplify?: RequestPoints): AbortController {
  const controller = new AbortController();
  Object.assign(controller.signal, { [KEY]: key, amplify });
  return controller;
}

/** The key of the request itself; 0 for a signal that is of none. */
export function requestKey(signal: AbortSignal): number {
  return (signal as Keyed)[KEY] ?? 0;
}

/**
 * The key of the next engine call of the request whose signal one of the two above made: each has a fate of its own.
 */
export function engineCallKey(signal: AbortSignal): number {
  const keyed = signal as Keyed;
  const calls = keyed[CALLS] ?? 0;
  keyed[CALLS] = calls + 1;
  return calls === 0 ? (keyed[KEY] ?? 0) : hash32(keyed[KEY] ?? 0, calls, 11);
}

function ignore(): void {}
