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

/** What each may be. */
const BOUNDS: Readonly<Record<keyof ClientLimits, Bounds>> = {
  timeoutMicros: { above: 0, wanted: "microseconds, more than 0" },
  attemptTimeoutMicros: { above: 0, wanted: "microseconds, more than 0" },
  attemptsMax: { least: 1, wanted: "a number, 1 or more" },
  backoffBase: { least: 0, wanted: "microseconds, 0 or more" },
  backoffMax: { least: 0, wanted: "microseconds, 0 or more" },
  retryShare: { least: 0, most: 1, wanted: "a number from 0 to 1" },
  retryBurst: { least: 0, wanted: "a number of requests, 0 or more" },
  hedgeShare: { least: 0, most: 1, wanted: "a number from 0 to 1" },
  hedgeBurst: { least: 0, wanted: "a number of requests, 0 or more" },
  refreshMicros: { above: 0, wanted: "microseconds, more than 0" },
  chunkWindow: { least: 1, wanted: "a number, 1 or more" },
  wholeBytesMax: { least: 0, wanted: "bytes, 0 or more" },
};

type Bounds = {
  readonly least?: number;
  /** In place of the least: what is too little. */
  readonly above?: number;
  readonly most?: number;
  readonly wanted: string;
};

/** The limits asked for, with defaults for those that are undefined. Throws INVALID_ARGUMENT for one that is out of its bounds. */
export function resolveLimits(asked: Partial<ClientLimits> = {}): ClientLimits {
  const limits: Record<keyof ClientLimits, number> = { ...CLIENT_LIMITS_DEFAULT };
  for (const name of Object.keys(BOUNDS) as (keyof ClientLimits)[]) {
    const limit = asked[name] ?? CLIENT_LIMITS_DEFAULT[name];
    const { least = 0, above, most = Number.POSITIVE_INFINITY, wanted } = BOUNDS[name];
    const isEnough = above === undefined ? limit >= least : limit > above;
    if (typeof limit !== "number" || !isEnough || limit > most) {
      const found = `client limit ${name} is ${limit}`;
      throw new KvError("INVALID_ARGUMENT", `${found}, wanted ${wanted}`);
    }
    limits[name] = limit;
  }
  return limits;
}
