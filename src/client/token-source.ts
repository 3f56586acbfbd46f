/** Where a client's idempotency tokens come from (TOK-2, TOK-7). */
import type { Micros } from "../model/time.ts";
import { type IdempotencyToken, NONCE_BYTES, nextGenerationTime } from "../model/token.ts";
import type { Env } from "../ports/env.ts";

/** Issues tokens. Each is new; one mutation takes one, before its first attempt (RETRY-1). */
export type TokenSource = {
  readonly next: () => IdempotencyToken;
};

/**
 * The default source: this client's clock, pushed on where it has not moved or has stepped back, so that the
 * tokens strictly increase (TOK-2); among clients they are ordered by their clocks alone (TOK-9).
 */
export function monotonicTokens(env: Env): TokenSource {
  const random = env.random.fork("token nonce");
  let last: Micros = 0;
  return {
    next: () => {
      last = nextGenerationTime(last, env.clock.wall());
      return { generationTime: last, nonce: random.bytes(NONCE_BYTES) };
    },
  };
}
