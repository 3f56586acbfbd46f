/** Idempotency tokens (TOK-1): what makes a mutation safe to repeat, and what orders it among others. */
import { isMicros, type Micros } from "./time.ts";

/** Bytes of a token's nonce: 128 bits (TOK-1). */
export const NONCE_BYTES = 16;

/**
 * One logical mutation's identity. Every attempt carries the same token; two tokens with the same generation
 * time are told apart, and ordered, by the nonce (TOK-5).
 */
export type IdempotencyToken = {
  /** Microseconds since 1970 by the client's clock, 1 to 2^53 - 1. */
  readonly generationTime: Micros;
  /** 16 random bytes. Owned by the token: do not change them. */
  readonly nonce: Uint8Array;
};

/** What is wrong with a token's shape, or undefined when it is well formed. Age is admission's business (TOK-3). */
export function tokenFlaw(token: IdempotencyToken): string | undefined {
  if (!isMicros(token.generationTime) || token.generationTime === 0) {
    return `generation time is ${token.generationTime}, wanted whole microseconds from 1 to 2^53 - 1`;
  }
  if (!(token.nonce instanceof Uint8Array)) {
    return `nonce is of type ${typeof token.nonce}, wanted a Uint8Array`;
  }
  if (token.nonce.length !== NONCE_BYTES) {
    return `nonce is ${token.nonce.length} bytes, wanted ${NONCE_BYTES}`;
  }
  return undefined;
}

/**
 * The generation time to issue now: the clock, or one past the last one issued when the clock has not moved
 * or has stepped back, so that a client's tokens strictly increase (TOK-2).
 */
export function nextGenerationTime(last: Micros, now: Micros): Micros {
  return now > last ? now : last + 1;
}
