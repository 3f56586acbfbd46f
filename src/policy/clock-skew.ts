/** Whether a client's clock can be believed when it dates a mutation (TOK-2). */
import type { Micros } from "../model/time.ts";

/** A server's wall clock, as a reply told it. */
export type ServerClock = {
  /** What it showed at some moment between sending and receiving. */
  readonly time: Micros;
  /** When the request was sent, by the client's monotonic clock. */
  readonly sentAt: Micros;
  /** How far ahead of its own clock that server accepts a token (TOK-3). */
  readonly maxDrift: Micros;
};

/**
 * How far `generationTime` lies beyond what the server can accept at the moment `now` of the client's monotonic
 * clock; 0 when it may well accept it. The longest round trip is counted in the client's favour, so that a refusal
 * is certain: the server's clock cannot have come so far.
 */
export function beyondServer(generationTime: Micros, now: Micros, server: ServerClock): Micros {
  const serverNowAtMost = server.time + (now - server.sentAt);
  return Math.max(0, generationTime - serverNowAtMost - server.maxDrift);
}
