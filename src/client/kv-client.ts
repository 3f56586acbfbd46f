/** The client: the verbs on records, traversal page by page, large values in portions. */
import { type CodecParts, NO_CODECS, noDictionaries } from "../codec/codec-parts.ts";
import type { ClientCapabilities } from "../model/capabilities.ts";
import { PROTOCOL_VERSION } from "../model/capabilities.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import { matchAll, matchKeys } from "../model/predicate.ts";
import type { GetItemsRequest, KvRequest, KvResponseOf } from "../model/request.ts";
import { MILLISECOND, SECOND } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Env } from "../ports/env.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { Transport } from "../ports/transport.ts";
import { type CallBounds, type CallLimits, type CallOptions, callWithRetries } from "./call.ts";
import type {
  DeleteItemsInput,
  GetItemsInput,
  GetItemsResult,
  MutationResult,
  PutItemsInput,
  PutValueInput,
  ReadValueInput,
  ValueReader,
} from "./inputs.ts";
import { toPutItem } from "./put-item.ts";
import { ServerView } from "./server-view.ts";
import { monotonicTokens, type TokenSource } from "./token-source.ts";
import {
  arrivedItems,
  arrivedStream,
  readyItems,
  type ReadyPut,
  readyStream,
  type ValueParts,
} from "./values.ts";

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

/**
 * The verbs. All reject with `KvError`; where a mutation does, `applied` says whether it may have taken effect,
 * and repeating it with the same token is always safe (TOK-8).
 */
export type KvClient = {
  readonly putItems: (input: PutItemsInput, options?: CallOptions) => Promise<MutationResult>;
  /**
   * Puts one item whose value comes in pieces, of any size and number; memory is bounded by the client's window
   * (CHUNK-6). Fails as the source does, with nothing put. A repeat under the same token needs the same bytes again.
   */
  readonly putValue: (
    input: PutValueInput,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: CallOptions,
  ) => Promise<MutationResult>;
  /** One page. `nextPageToken` is undefined after the last (PAGE-4). */
  readonly getItems: (input: GetItemsInput, options?: CallOptions) => Promise<GetItemsResult>;
  /** All pages from `pageToken`, or the first, on; each under its own time-out. */
  readonly pages: (input: GetItemsInput, options?: CallOptions) => AsyncIterable<GetItemsResult>;
  /** One item with its value as a stream; undefined when there is none. The time-out is for the whole of it. */
  readonly readValue: (
    input: ReadValueInput,
    options?: CallOptions,
  ) => Promise<ValueReader | undefined>;
  readonly deleteItems: (input: DeleteItemsInput, options?: CallOptions) => Promise<MutationResult>;
};

const LIMITS_DEFAULT: ClientLimits = {
  timeoutMicros: 10 * SECOND,
  attemptTimeoutMicros: 2 * SECOND,
  attemptsMax: 5,
  backoffBase: 20 * MILLISECOND,
  backoffMax: SECOND,
  chunkWindow: 4,
  wholeBytesMax: 64 * 1024 * 1024,
};

/** A client over a transport. It keeps no connection and no timer between calls (RES-1). */
export function createClient(parts: ClientParts): KvClient {
  return new Client(parts).verbs();
}

class Client {
  readonly #env: Env;
  readonly #tokens: TokenSource;
  readonly #view: ServerView;
  readonly #limits: ClientLimits;
  readonly #codec: CodecParts;
  readonly #capabilities: ClientCapabilities;
  readonly #call: Parameters<typeof callWithRetries>[2];

  constructor(parts: ClientParts) {
    const { env, transport } = parts;
    this.#env = env;
    this.#tokens = parts.tokens ?? monotonicTokens(env);
    this.#view = new ServerView(this.#tokens);
    this.#limits = { ...LIMITS_DEFAULT, ...parts.limits };
    this.#codec = parts.codec ?? NO_CODECS;
    this.#capabilities = {
      chunking: true,
      codecs: this.#codec.codecs.map(({ name }) => name),
      dictionaries: this.#codec.dictionaries !== noDictionaries,
      ...parts.capabilities,
      protocol: PROTOCOL_VERSION,
    };
    this.#call = {
      env,
      random: env.random.fork("retry jitter"),
      transport,
      limits: this.#limits,
      observe: (namespace, server, sentAt) => this.#view.observe(namespace, server, sentAt),
    };
  }

  verbs(): KvClient {
    return {
      putItems: (input, options) => this.#putItems(input, this.#bounds(options)),
      putValue: (input, source, options) => this.#putValue(input, source, this.#bounds(options)),
      getItems: (input, options) => this.#getItems(input, this.#bounds(options)),
      pages: (input, options) => this.#pages(input, options),
      readValue: (input, options) => this.#readValue(input, this.#bounds(options)),
      deleteItems: (input, options) => this.#deleteItems(input, this.#bounds(options)),
    };
  }

  #bounds(options: CallOptions | undefined): CallBounds {
    const timeout = options?.timeoutMicros ?? this.#limits.timeoutMicros;
    return {
      deadline: this.#env.clock.monotonic() + timeout,
      signal: options?.signal ?? neverAborted,
    };
  }

  #send<R extends KvRequest>(request: R, bounds: CallBounds): Promise<KvResponseOf<R>> {
    return callWithRetries(request, bounds, this.#call);
  }

  async #putItems(input: PutItemsInput, bounds: CallBounds): Promise<MutationResult> {
    const { namespace, id } = input;
    const token = input.token ?? (await this.#tokens.next());
    const items = input.items.map((item) => toPutItem(item, token));
    const facts = this.#view.facts(namespace);
    const ready = await readyItems(items, { namespace, id, token }, facts, this.#values(bounds));
    return this.#put(id, token, ready, bounds);
  }

  async #putValue(
    input: PutValueInput,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    bounds: CallBounds,
  ): Promise<MutationResult> {
    const { namespace, id } = input;
    const token = input.token ?? (await this.#tokens.next());
    const { value: _, ...bare } = toPutItem({ ...input, value: EMPTY_BYTES }, token);
    const target = { namespace, id, token };
    const ready = await readyStream(bare, source, target, this.#values(bounds));
    return this.#put(id, token, ready, bounds);
  }

  async #put(
    id: string,
    token: IdempotencyToken,
    { namespace, items }: ReadyPut,
    bounds: CallBounds,
  ): Promise<MutationResult> {
    const capabilities = this.#capabilities;
    const request = { kind: "put_items", namespace, id, token, items, capabilities } as const;
    const { outcomes } = await this.#send(request, bounds);
    return { token, outcomes };
  }

  async #getItems(input: GetItemsInput, bounds: CallBounds): Promise<GetItemsResult> {
    const request = this.#toGetItems(input);
    const { items, nextPageToken, server } = await this.#send(request, bounds);
    const origin = { request, server };
    return { items: await arrivedItems(items, origin, this.#values(bounds)), nextPageToken };
  }

  async *#pages(
    input: GetItemsInput,
    options: CallOptions | undefined,
  ): AsyncGenerator<GetItemsResult> {
    let { pageToken } = input;
    do {
      const page = await this.#getItems({ ...input, pageToken }, this.#bounds(options));
      yield page;
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  }

  async #readValue(
    { namespace, id, key }: ReadValueInput,
    bounds: CallBounds,
  ): Promise<ValueReader | undefined> {
    const request = this.#toGetItems({ namespace, id, predicate: matchKeys(key) });
    const { items, server } = await this.#send(request, bounds);
    const [item] = items;
    return item && arrivedStream(item, { request, server }, this.#values(bounds));
  }

  async #deleteItems(input: DeleteItemsInput, bounds: CallBounds): Promise<MutationResult> {
    const { namespace, id, predicate = matchAll } = input;
    const token = input.token ?? (await this.#tokens.next());
    const capabilities = this.#capabilities;
    const request = {
      kind: "delete_items",
      namespace,
      id,
      token,
      predicate,
      capabilities,
    } as const;
    const { outcomes } = await this.#send(request, bounds);
    return { token, outcomes };
  }

  #toGetItems(input: GetItemsInput): GetItemsRequest {
    const { namespace, id, predicate = matchAll, selection = {}, pageToken } = input;
    const capabilities = this.#capabilities;
    return { kind: "get_items", namespace, id, predicate, selection, pageToken, capabilities };
  }

  #values(bounds: CallBounds): ValueParts {
    return {
      capabilities: this.#capabilities,
      codec: this.#codec,
      limits: this.#limits,
      send: (request) => this.#send(request, bounds),
    };
  }
}
