/** The client: the three verbs on records, and traversal page by page. */
import { KvError } from "../model/error.ts";
import type { ItemInput } from "../model/item.ts";
import { matchAll, type Predicate } from "../model/predicate.ts";
import type { GetItemsRequest, GetItemsResponse, PutItem, WriteOutcome } from "../model/request.ts";
import type { Selection } from "../model/selection.ts";
import { MILLISECOND, type Micros, SECOND } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Env } from "../ports/env.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { Transport } from "../ports/transport.ts";
import { type CallBounds, type CallLimits, type CallOptions, callWithRetries } from "./call.ts";
import { monotonicTokens, type TokenSource } from "./token-source.ts";

/** What a client is made of. */
export type ClientParts = {
  readonly env: Env;
  readonly transport: Transport;
  /** Default: this client's clock (TOK-7). */
  readonly tokens?: TokenSource;
  readonly limits?: Partial<CallLimits>;
};

/** A put of 1 to 1000 items of one record. */
export type PutItemsInput = {
  readonly namespace: string;
  readonly id: string;
  readonly items: readonly ItemInput[];
  /** Default: the next one of the client's source. Name one to repeat a mutation (TOK-4). */
  readonly token?: IdempotencyToken;
};

/** A read of one record. */
export type GetItemsInput = {
  readonly namespace: string;
  readonly id: string;
  /** Default: all items. */
  readonly predicate?: Predicate;
  readonly selection?: Selection;
  /** From the page before; absent for the first page. */
  readonly pageToken?: Uint8Array | undefined;
};

/** A deletion in one record. */
export type DeleteItemsInput = {
  readonly namespace: string;
  readonly id: string;
  /** Default: the whole record. */
  readonly predicate?: Predicate;
  /** Default: the next one of the client's source. Name one to repeat a mutation (TOK-4). */
  readonly token?: IdempotencyToken;
};

/** What a mutation came to, and the token it is ordered by. */
export type MutationResult = {
  readonly token: IdempotencyToken;
  readonly outcomes: readonly WriteOutcome[];
};

/**
 * The verbs. All reject with `KvError`; where a mutation does, `applied` says whether it may have taken effect,
 * and repeating it with the same token is always safe (TOK-8).
 */
export type KvClient = {
  readonly putItems: (input: PutItemsInput, options?: CallOptions) => Promise<MutationResult>;
  /** One page. `nextPageToken` is undefined after the last (PAGE-4). */
  readonly getItems: (input: GetItemsInput, options?: CallOptions) => Promise<GetItemsResponse>;
  /** All pages from `pageToken`, or the first, on; each under its own time-out. */
  readonly pages: (input: GetItemsInput, options?: CallOptions) => AsyncIterable<GetItemsResponse>;
  readonly deleteItems: (input: DeleteItemsInput, options?: CallOptions) => Promise<MutationResult>;
};

const LIMITS_DEFAULT: CallLimits = {
  timeoutMicros: 10 * SECOND,
  attemptTimeoutMicros: 2 * SECOND,
  attemptsMax: 5,
  backoffBase: 20 * MILLISECOND,
  backoffMax: SECOND,
};

/** A client over a transport. It keeps no connection and no timer between calls (RES-1). */
export function createClient(parts: ClientParts): KvClient {
  const { env, transport } = parts;
  const tokens = parts.tokens ?? monotonicTokens(env);
  const limits = { ...LIMITS_DEFAULT, ...parts.limits };
  const call = { env, random: env.random.fork("retry jitter"), transport, limits };
  const bounds = (options: CallOptions | undefined): CallBounds => ({
    timeout: options?.timeoutMicros ?? limits.timeoutMicros,
    signal: options?.signal ?? neverAborted,
  });

  const putItems: KvClient["putItems"] = async (input, options) => {
    const { namespace, id } = input;
    const token = input.token ?? tokens.next();
    const items = input.items.map((item) => toPutItem(item, token));
    const request = { kind: "put_items", namespace, id, token, items } as const;
    const { outcomes } = await callWithRetries(request, bounds(options), call);
    return { token, outcomes };
  };

  const getItems: KvClient["getItems"] = (input, options) =>
    callWithRetries(toGetItems(input), bounds(options), call);

  const deleteItems: KvClient["deleteItems"] = async (input, options) => {
    const { namespace, id, predicate = matchAll } = input;
    const token = input.token ?? tokens.next();
    const request = { kind: "delete_items", namespace, id, token, predicate } as const;
    const { outcomes } = await callWithRetries(request, bounds(options), call);
    return { token, outcomes };
  };

  async function* pages(
    input: GetItemsInput,
    options?: CallOptions,
  ): AsyncGenerator<GetItemsResponse> {
    let { pageToken } = input;
    do {
      const page = await getItems({ ...input, pageToken }, options);
      yield page;
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  }

  return { putItems, getItems, pages, deleteItems };
}

/** The item as it travels: time to live becomes an absolute expiry once, before the first attempt (TTL-2). */
function toPutItem(item: ItemInput, token: IdempotencyToken): PutItem {
  const { key, value, content, ttlMicros } = item;
  return { key, value, expiresAt: expiryOf(ttlMicros, token), content };
}

function expiryOf(ttl: Micros | undefined, token: IdempotencyToken): Micros | undefined {
  if (ttl === undefined) return undefined;
  if (!Number.isSafeInteger(ttl) || ttl <= 0) {
    throw new KvError("INVALID_ARGUMENT", `ttlMicros is ${ttl}, wanted whole microseconds > 0`);
  }
  return token.generationTime + ttl;
}

function toGetItems(input: GetItemsInput): GetItemsRequest {
  const { namespace, id, predicate = matchAll, selection = {}, pageToken } = input;
  return { kind: "get_items", namespace, id, predicate, selection, pageToken };
}
