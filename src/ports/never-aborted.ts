/** The signal of a caller that never gives up: one for all, so that a call without a signal costs nothing. */
export const neverAborted: AbortSignal = new AbortController().signal;
