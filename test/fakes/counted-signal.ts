import { getEventListeners } from "node:events";

/** A caller's signal that tells how many listen to it: none once a call has ended (RES-1). */
export function countedSignal(): {
  readonly signal: AbortSignal;
  readonly listeners: () => number;
  readonly abort: () => void;
} {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    listeners: () => getEventListeners(signal, "abort").length,
    abort: () => controller.abort(),
  };
}
