/** The client: the verbs on records, traversal page by page, large values in portions. */
import { type CodecParts, NO_CODECS, noDictionaries } from "../codec/codec-parts.ts";
import type { ClientCapabilities, ServerFacts } from "../model/capabilities.ts";
import { PROTOCOL_VERSION } from "../model/capabilities.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import { asKvError, withoutEffect } from "../model/error.ts";
import { checkList } from "../model/limits.ts";
import { matchAll, matchKeys } from "../model/predicate.ts";
import type {
  DeleteItemsRequest,
  GetItemsRequest,
  KvRequest,
  KvResponseOf,
  PutItemsRequest,
} from "../model/request.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Env } from "../ports/env.ts";
import type { Random } from "../ports/random.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import { withinBounds } from "./bounded-source.ts";
import { type CallBounds, type CallOptions, type CallParts, callWithRetries } from "./call.ts";
import { type ClientLimits, type ClientParts, resolveLimits } from "./client-parts.ts";
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
import { askStatus, handIn, type ListParts } from "./mutation-lists.ts";
import { toPutItem } from "./put-item.ts";
import { readPage } from "./read-page.ts";
import { scanPages } from "./scan.ts";
import { scanItems } from "./scan-items.ts";
import { ServerView } from "./server-view.ts";
import { monotonicTokens, nextToken, type TokenSource } from "./token-source.ts";
import {
  arrivedStream,
  goAsTheyAre,
  readyItems,
  type ReadyPut,
  readyStream,
  type ValueParts,
} from "./values.ts";
import type { KvClient } from "./verbs.ts";
import { withinCall } from "./within-call.ts";

export type { KvClient } from "./verbs.ts";

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
  readonly #random: Random;
  readonly #capabilities: ClientCapabilities;
  readonly #call: CallParts;

  constructor(parts: ClientParts) {
    const { env, transport } = parts;
    this.#env = env;
    this.#tokens = parts.tokens ?? monotonicTokens(env);
    this.#limits = resolveLimits(parts.limits);
    this.#view = new ServerView(this.#tokens, this.#limits);
    this.#codec = parts.codec ?? NO_CODECS;
    this.#random = env.random.fork("staging of values");
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
      capabilities: this.#capabilities,
      view: this.#view,
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
      scan: (input, options) =>
        scanPages(input, options, {
          resolve: async (namespace, given) =>
            (await this.#greet(namespace, this.#bounds(given))).namespace,
          page: (page, given) => scanItems(page, this.#values(this.#bounds(given))),
        }),
      scanItems: (input, options) => scanItems(input, this.#values(this.#bounds(options))),
      mutateItems: (input, options) => handIn(input, this.#lists(this.#bounds(options))),
      mutationStatus: (id, options) => askStatus(id, this.#lists(this.#bounds(options))),
      signals: (namespace) => this.#view.facts(namespace),
    };
  }

  #bounds(options: CallOptions | undefined): CallBounds {
    const timeout = options?.timeoutMicros ?? this.#limits.timeoutMicros;
    return {
      deadline: this.#env.clock.monotonic() + timeout,
      signal: options?.signal ?? neverAborted,
      priority: options?.priority ?? "normal",
      isUnderWay: false,
    };
  }

  #send<R extends KvRequest>(request: R, bounds: CallBounds): Promise<KvResponseOf<R>> {
    return callWithRetries(request, bounds, this.#call);
  }

  async #putItems(input: PutItemsInput, bounds: CallBounds): Promise<MutationResult> {
    const { namespace, id, ifAbsent } = input;
    checkList("items", input.items);
    const issued = input.token ?? this.#nextToken(namespace, bounds);
    const token = issued instanceof Promise ? await issued : issued;
    const items = input.items.map((item) => toPutItem(item, token));
    const facts = this.#view.facts(namespace);
    const ready = goAsTheyAre(items, facts, this.#capabilities)
      ? { namespace, items }
      : await readyItems(items, { namespace, id, token, ifAbsent }, facts, this.#values(bounds));
    return await this.#put({ id, token, ifAbsent }, ready, bounds, input.token);
  }

  async #putValue(
    input: PutValueInput,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    bounds: CallBounds,
  ): Promise<MutationResult> {
    const { namespace, id } = input;
    const token = input.token ?? (await this.#nextToken(input.namespace, bounds));
    const { value: _, ...bare } = toPutItem({ ...input, value: EMPTY_BYTES }, token);
    const target = { namespace, id, token };
    const pieces = withinBounds(source, bounds, this.#env);
    const ready = await readyStream(bare, pieces, target, this.#values(bounds));
    return await this.#put({ id, token }, ready, bounds, input.token);
  }

  #put(
    put: Pick<PutItemsRequest, "id" | "token" | "ifAbsent">,
    { namespace, items }: ReadyPut,
    bounds: CallBounds,
    named: IdempotencyToken | undefined,
  ): Promise<MutationResult> {
    const kind = "put_items";
    const capabilities = this.#capabilities;
    return this.#mutate({ ...put, kind, namespace, items, capabilities }, bounds, named);
  }

  async #mutate(
    request: PutItemsRequest | DeleteItemsRequest,
    bounds: CallBounds,
    named: IdempotencyToken | undefined,
  ): Promise<MutationResult> {
    const { namespace, token } = request;
    try {
      const { outcomes } = await this.#send(request, bounds);
      return { token, outcomes };
    } catch (error) {
      const { code, applied } = asKvError(error);
      if (code === "TOKEN_FROM_FUTURE") {
        // One that the caller named may have been taken in a call before this one.
        if (applied === "no" && named === undefined) this.#tokens.refused(token);
        // A refusal does not tell the server's time, and without it no later token would be any better.
        const isUntold = this.#view.facts(namespace) === undefined;
        if (isUntold) await this.#greet(namespace, bounds).catch(() => undefined);
      }
      throw error;
    }
  }

  #nextToken(
    namespace: string,
    bounds: CallBounds,
    ticks = 1,
  ): IdempotencyToken | Promise<IdempotencyToken> {
    // A source is held to the call's bounds by itself: a greeting has them of its own, and ends what it began.
    const next = (count?: number): IdempotencyToken | Promise<IdempotencyToken> => {
      const token = this.#tokens.next(count);
      return token instanceof Promise ? withinCall(token, bounds, this.#env) : token;
    };
    return nextToken({ next }, () => this.#greet(namespace, bounds), ticks);
  }

  /** Has a server tell its time and limits. A mutation that this precedes has not begun. */
  async #greet(namespace: string, bounds: CallBounds): Promise<ServerFacts> {
    const request = { kind: "handshake", namespace, capabilities: this.#capabilities } as const;
    try {
      return (await this.#send(request, bounds)).server;
    } catch (error) {
      throw withoutEffect(asKvError(error));
    }
  }

  #getItems(input: GetItemsInput, bounds: CallBounds): Promise<GetItemsResult> {
    return readPage(this.#toGetItems(input), this.#values(bounds));
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
    const issued = input.token ?? this.#nextToken(namespace, bounds);
    const token = issued instanceof Promise ? await issued : issued;
    const capabilities = this.#capabilities;
    const request = {
      kind: "delete_items",
      namespace,
      id,
      token,
      predicate,
      capabilities,
    } as const;
    return await this.#mutate(request, bounds, input.token);
  }

  #toGetItems(input: GetItemsInput): GetItemsRequest {
    const { namespace, id, predicate = matchAll, selection = {}, pageToken } = input;
    const capabilities = this.#capabilities;
    return { kind: "get_items", namespace, id, predicate, selection, pageToken, capabilities };
  }

  #lists(bounds: CallBounds): ListParts {
    const nextToken: ListParts["nextToken"] = (namespace, ticks) =>
      this.#nextToken(namespace, bounds, ticks);
    return { ...this.#values(bounds), nextToken, refused: (token) => this.#tokens.refused(token) };
  }

  #values(bounds: CallBounds): ValueParts {
    return {
      capabilities: this.#capabilities,
      codec: this.#codec,
      random: this.#random,
      limits: this.#limits,
      send: (request) => this.#send(request, bounds),
      greet: (namespace) => this.#greet(namespace, bounds),
    };
  }
}
