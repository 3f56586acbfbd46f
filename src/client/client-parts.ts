/** What a client is made of, and its bounds. */
import type { CodecParts } from "../codec/codec-parts.ts";
import type { ClientCapabilities } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import { MILLISECOND, SECOND } from "../model/time.ts";
import type { Env } from "../ports/env.ts";
import type { Transport } from "../ports/transport.ts";
import type { CallLimits } from "./call.ts";
import type { TokenSource } from "./token-source.ts";

/** What a client is made of. */
export type ClientParts = {
  readonly env: Env;
  readonly transport: Transport;
  /** Default: this client's clock (TOK-7). */
  readonly tokens?: TokenSource;
  readonly limits?: Partial<ClientLimits>;
  /** Compresses and decodes values; without, this client does neither, and the server decodes for it (COMP-1). */
  readonly codec?: CodecParts | undefined;
  /** Default: all that this client can do. Leave something out to have the server do it (SIG-2). */
  readonly capabilities?: Partial<Omit<ClientCapabilities, "protocol">>;
};

/** The bounds of a client (RES-2). */
export type ClientLimits = CallLimits & {
  /** Requests with chunks of one value under way at a time, at least 1. */
  readonly chunkWindow: number;
  /** Longest value that comes with its item; a longer one is marked omitted, and `readValue` streams it. */
  readonly wholeBytesMax: number;
};

/** The bounds of a client that is told none. */
const CLIENT_LIMITS_DEFAULT: ClientLimits = {
  timeoutMicros: 10 * SECOND,
  attemptTimeoutMicros: 2 * SECOND,
  attemptsMax: 5,
  backoffBase: 20 * MILLISECOND,
  backoffMax: SECOND,
  retryShare: 0.2,
  retryBurst: 100,
  hedgeShare: 0.05,
  hedgeBurst: 10,
  refreshMicros: 10 * SECOND,
  chunkWindow: 4,
  wholeBytesMax: 64 * 1024 * 1024,
};

/** The limits asked for, with defaults. Throws INVALID_ARGUMENT for a share of calls that is none, or an interval of no time. */
export function resolveLimits(asked: Partial<ClientLimits> = {}): ClientLimits {
  const limits = { ...CLIENT_LIMITS_DEFAULT, ...asked };
  for (const name of ["retryShare", "hedgeShare"] as const) {
    const share = limits[name];
    if (!(share >= 0 && share <= 1)) throw refused(name, share, "a number from 0 to 1");
  }
  for (const name of ["retryBurst", "hedgeBurst"] as const) {
    const burst = limits[name];
    if (!(burst >= 0)) throw refused(name, burst, "a number of requests, 0 or more");
  }
  const { refreshMicros } = limits;
  if (!(refreshMicros > 0)) {
    throw refused("refreshMicros", refreshMicros, "microseconds, more than 0");
  }
  return limits;
}

function refused(name: keyof ClientLimits, found: number, wanted: string): KvError {
  return new KvError("INVALID_ARGUMENT", `client limit ${name} is ${found}, wanted ${wanted}`);
}
