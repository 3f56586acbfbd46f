/** What a client is made of, and its bounds. */
import type { CodecParts } from "../codec/codec-parts.ts";
import type { ClientCapabilities } from "../model/capabilities.ts";
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
export const CLIENT_LIMITS_DEFAULT: ClientLimits = {
  timeoutMicros: 10 * SECOND,
  attemptTimeoutMicros: 2 * SECOND,
  attemptsMax: 5,
  backoffBase: 20 * MILLISECOND,
  backoffMax: SECOND,
  chunkWindow: 4,
  wholeBytesMax: 64 * 1024 * 1024,
};
