/** Where a client's idempotency tokens come from (TOK-2, TOK-7). */
import { KvError } from "../model/error.ts";
import type { Micros } from "../model/time.ts";
import { type IdempotencyToken, NONCE_BYTES, nextGenerationTime } from "../model/token.ts";
import { beyondServer, type ServerClock } from "../policy/clock-skew.ts";
import type { Env } from "../ports/env.ts";
import type { Sequencer } from "../ports/sequencer.ts";

/** Issues tokens. Each is new; one mutation takes one, before its first attempt (RETRY-1). */
export type TokenSource = {
  /**
   * Throws, or rejects with, TOKEN_FROM_FUTURE rather than date a mutation so that no server would take it. A list of
   * mutations takes so many `ticks`, default 1: the token is that of the first, and the source issues none of the
   * following ticks to anybody else (MUT-2).
   */
  readonly next: (ticks?: number) => IdempotencyToken | Promise<IdempotencyToken>;
  /** Told of every server's clock that the client hears of. */
  readonly observe: (server: ServerClock) => void;
  /**
   * Told of a token that it issued for a call, and that was refused as too new by every server that the call came to:
   * nothing is dated by it. Not of one that a caller named: it may have been taken before.
   */
  readonly refused: (token: IdempotencyToken) => void;
};

/** The default source; its `next` gives a token at once. */
export type MonotonicTokens = Omit<TokenSource, "next"> & {
  readonly next: (ticks?: number) => IdempotencyToken;
};

/**
 * The default source: this client's clock, pushed on where it has not moved or has stepped back, so that the
 * tokens strictly increase (TOK-2); among clients they are ordered by their clocks alone (TOK-9). Once it has heard
 * of a server's clock it refuses to issue what lies beyond the server's window: a clock that is implausibly ahead
 * would date writes that nothing can undo. A refusal may also come of facts that are old, after a sleep of the
 * machine: whoever meets one asks a server, and tries again. Tokens from before the first reply that servers refused do
 * not hold it up once its clock is set right; one of which that is not certain does.
 */
export function monotonicTokens(env: Env): MonotonicTokens {
  const random = env.random.fork("token nonce");
  let last: Micros = 0;
  let early: EarlyToken[] = [];
  let server: ServerClock | undefined;
  return {
    next: (ticks = 1) => {
      const now = env.clock.wall();
      const newest = newestOf(early, last, now);
      const generationTime = nextGenerationTime(newest, now);
      const latest = generationTime + ticks - 1;
      if (server !== undefined) {
        refuseBeyond(latest, env.clock.monotonic(), server);
        last = latest;
      } else {
        if (early.length === EARLY_MAX) [last, early] = [newest, []];
        early.push({ issuedAt: now, generationTime, latest, isRefused: false });
      }
      return { generationTime, nonce: random.bytes(NONCE_BYTES) };
    },
    observe: (seen) => {
      server = seen;
    },
    refused: (token) => {
      const own = early.find(({ generationTime }) => generationTime === token.generationTime);
      if (own !== undefined) own.isRefused = true;
    },
  };
}

/** One that was issued before anything was known of a server's clock, up to its last tick. */
type EarlyToken = {
  /** What the client's clock showed: a token may be ahead of a clock that has not moved. */
  readonly issuedAt: Micros;
  readonly generationTime: Micros;
  readonly latest: Micros;
  isRefused: boolean;
};

/** The newest tick that the next token has to be after: refused ones hold a clock up that has not been set back. */
function newestOf(early: readonly EarlyToken[], last: Micros, now: Micros): Micros {
  let newest = last;
  for (const { issuedAt, latest, isRefused } of early) {
    if (!isRefused || now >= issuedAt) newest = Math.max(newest, latest);
  }
  return newest;
}

/** Of so many it is remembered one by one whether they were refused. */
const EARLY_MAX = 64;

/**
 * The next token of a source for a mutation. Where the source refuses, `greet` has a server tell its time first: what
 * the source knows may be old. Rejects as the source does then, or as `greet` does. A source that answers at once has
 * its token returned at once: most calls have nothing else to wait for.
 */
export function nextToken(
  source: Pick<TokenSource, "next">,
  greet: () => Promise<unknown>,
  ticks = 1,
): IdempotencyToken | Promise<IdempotencyToken> {
  const afterGreeting = async (error: unknown): Promise<IdempotencyToken> => {
    if (!(error instanceof KvError) || error.code !== "TOKEN_FROM_FUTURE") throw error;
    await greet();
    return source.next(ticks);
  };
  try {
    const token = source.next(ticks);
    return token instanceof Promise ? token.catch(afterGreeting) : token;
  } catch (error) {
    return afterGreeting(error);
  }
}

function refuseBeyond(generationTime: Micros, now: Micros, server: ServerClock): void {
  const by = beyondServer(generationTime, now, server);
  if (by === 0) return;
  throw new KvError(
    "TOKEN_FROM_FUTURE",
    `this client's clock gives ${generationTime}, ${by} µs beyond what its server can accept, wanted a clock ` +
      `at most ${server.maxDrift} µs ahead`,
  );
}

/**
 * Tokens in the order in which a sequencer shared by all clients of a region issues them, one a mutation: a write
 * begun after another's acknowledgement wins, whatever the clients' clocks (TOK-7).
 */
export function sequencedTokens(sequencer: Sequencer, env: Env): TokenSource {
  const random = env.random.fork("token nonce");
  return {
    next: async (ticks = 1) => ({
      generationTime: await sequencer.next(ticks),
      nonce: random.bytes(NONCE_BYTES),
    }),
    observe: () => undefined,
    refused: () => undefined,
  };
}

/** The identity of a transaction elsewhere: when it was ordered there, and which one it is. */
export type TransactionId = {
  /** Microseconds since 1970 by the clock that orders the transactions. */
  readonly time: Micros;
  /** At most 16 bytes; transactions of one time differ here, and are ordered by it. */
  readonly id: Uint8Array;
};

/**
 * Tokens from transactions that were ordered elsewhere, one transaction a mutation (TOK-7). `next` names the
 * transaction that the mutation belongs to; the same transaction always gives the same token. Throws
 * INVALID_ARGUMENT for an id of more than 16 bytes. A list of mutations is one transaction, whose first mutation has
 * the transaction's own time: transactions that handed in lists are to lie as many microseconds apart.
 */
export function transactionTokens(next: () => TransactionId | Promise<TransactionId>): TokenSource {
  return {
    next: async () => transactionToken(await next()),
    observe: () => undefined,
    refused: () => undefined,
  };
}

/** The token of a transaction: its time, and its id in the nonce, padded with zeros at the end. */
export function transactionToken({ time, id }: TransactionId): IdempotencyToken {
  if (id.length > NONCE_BYTES) {
    const wanted = `at most ${NONCE_BYTES}`;
    throw new KvError("INVALID_ARGUMENT", `transaction id is ${id.length} bytes, wanted ${wanted}`);
  }
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(id);
  return { generationTime: time, nonce };
}
