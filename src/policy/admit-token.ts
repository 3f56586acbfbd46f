/** Whether a mutation's token is fresh enough to be carried out (TOK-3). */
import type { Micros } from "../model/time.ts";

/** The acceptance window around the server's clock, microseconds, both bounds inclusive. */
export type TokenWindow = {
  /** A token older than now − maxAge is refused. */
  readonly maxAge: Micros;
  /** A token newer than now + maxDrift is refused. */
  readonly maxDrift: Micros;
};

/** The decision. A refusal means that this attempt was not applied, nothing about earlier ones. */
export type Admission =
  | { readonly kind: "admitted" }
  | {
      readonly kind: "refused";
      readonly code: "TOKEN_FROM_PAST" | "TOKEN_FROM_FUTURE";
      /** How far outside the window, microseconds. */
      readonly by: Micros;
    };

const ADMITTED: Admission = { kind: "admitted" };

/** Admits a generation time that lies in the window around `now`. */
export function admitToken(generationTime: Micros, now: Micros, window: TokenWindow): Admission {
  const past = now - window.maxAge - generationTime;
  if (past > 0) return { kind: "refused", code: "TOKEN_FROM_PAST", by: past };
  const future = generationTime - (now + window.maxDrift);
  if (future > 0) return { kind: "refused", code: "TOKEN_FROM_FUTURE", by: future };
  return ADMITTED;
}
