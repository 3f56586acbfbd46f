import type { Micros } from "../model/time.ts";

/** Time, as one process sees it. Nothing else in the core may tell the time. */
export type Clock = {
  /** Microseconds since 1970. May be wrong, may jump either way. For tokens and expiry, never for measuring. */
  readonly wall: () => Micros;
  /** Microseconds since an arbitrary origin, never backwards. For deadlines and measuring, never for storing. */
  readonly monotonic: () => Micros;
};
