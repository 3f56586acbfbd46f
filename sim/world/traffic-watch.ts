/**
 * Watches what a client sends, attempt by attempt, for the oracle of attempts: on the network's side, so that it
 * concludes by itself what is a retry and what a hedge. Times are virtual.
 */
import type { Micros, Slo } from "kvdal";
import type {
  DeleteItemsRequest,
  KvRequest,
  KvResponse,
  MutateItemsRequest,
  PutItemsRequest,
} from "kvdal/client";
import type { ClientTraffic, ExtraAttempt, GivenUpCall } from "../check/history.ts";
import { type NamespaceTraffic, NOTHING_SENT, type SentRequest } from "./sent-request.ts";
import type { World } from "./world.ts";

/** The watch of one client. */
export class TrafficWatch implements ClientTraffic {
  readonly extras: ExtraAttempt[] = [];
  readonly strays: number[] = [];
  readonly otherIntents: number[] = [];
  readonly givenUp: GivenUpCall[] = [];
  longestSilence = { operation: 0, micros: 0 };
  longestBudget = { operation: 0, beyondMax: 0 };
  longestOverrun = { operation: 0, beyond: 0 };
  longestUnhedged = { operation: 0, calls: 0, beyond: 0 };
  readonly #world: World;
  /** Whether its timers fire when they are due. */
  readonly #isPunctual: boolean;
  readonly #namespaces: NamespaceTraffic[] = [];
  /** Few, and mostly one; those past the count are of operations before, to be used again. */
  readonly #sent: SentRequest[] = [];
  #count = 0;
  #operation = 0;
  #begun: Micros = 0;
  #isFirst = true;
  #mutation: KvRequest | undefined;

  constructor(world: World, isPunctual: boolean) {
    this.#world = world;
    this.#isPunctual = isPunctual;
  }

  /** An operation of this number begins; what was sent before is not its own. */
  beginOperation(operation: number): void {
    this.#operation = operation;
    this.#begun = this.#world.now;
    this.#isFirst = true;
    this.#mutation = undefined;
    this.#count = 0;
  }

  /** It has ended, and had so much time: of what was hedged no attempt may be out any more. */
  endOperation(allowed: Micros): void {
    const beyond = this.#world.now - this.#begun - allowed;
    if (beyond > this.longestOverrun.beyond) {
      this.longestOverrun = { operation: this.#operation, beyond };
    }
    for (let i = 0; i < this.#count; i += 1) {
      const { out, hedges, isSettled, traffic } = this.#sent[i] as SentRequest;
      if (!isSettled) traffic.wasted += 1;
      if (out > 0 && hedges > 0) this.strays.push(this.#operation);
    }
  }

  /**
   * The operation failed, and its caller would have waited: whether another attempt might have helped. Of a call that
   * began with a question for the server the time of that is not known: it is taken for as long as it can be. So is that
   * of an item which is read again because its chunks are gone: it is part of the call that the chunks were read for.
   */
  noteFailure(timeout: Micros, attemptTimeout: Micros): void {
    const sent = this.#sent[this.#count - 1];
    if (this.#count === 0 || sent === undefined || sent.isSettled) return;
    const { kind } = sent.request;
    if (kind !== "get_items" && kind !== "put_items" && kind !== "delete_items") return;
    const isPage = kind === "get_items" && !this.#hasReadChunks();
    const since = isPage ? sent.begun - 2 * attemptTimeout : this.#begun;
    this.givenUp.push({
      operation: this.#operation,
      attempts: 1 + sent.retries,
      timeLeft: timeout - (this.#world.now - since),
      retries: sent.traffic.retries + sent.traffic.wasted,
    });
  }

  #hasReadChunks(): boolean {
    const sent = this.#sent.slice(0, this.#count);
    return sent.some(({ request }) => request.kind === "get_chunks");
  }

  /** An attempt is sent; what it returns is for its end. */
  begin(request: KvRequest, budget: Micros): SentRequest {
    const { now } = this.#world;
    const known = this.#known(request);
    const sent = known ?? this.#first(request);
    if (sent.out > 0) this.#noteHedge(sent, now, budget);
    else {
      if (known !== undefined) this.#noteRetry(sent, now);
      // A hedge goes by what was told when the attempt beside it began.
      this.#compareTold(sent, budget, now);
      sent.target = levelsFor(sent)?.target ?? Number.POSITIVE_INFINITY;
      sent.ends = now + budget;
      sent.mayHedge = sent.traffic.told?.advice === "go_on";
    }
    sent.out += 1;
    sent.lastBegun = now;
    return sent;
  }

  /** It is over for its client, answered or not. */
  end(sent: SentRequest): void {
    sent.out -= 1;
    sent.lastEnded = this.#world.now;
    if (sent.hedges === 0 && sent.traffic.hedges === 0) this.#noteUnhedged(sent);
  }

  /**
   * An attempt that was out for longer than its target, of a client that never made a second one beside, though no server
   * objected. What is asked before a call is no call, and is not hedged.
   */
  #noteUnhedged({ request, traffic, mayHedge, target, lastBegun, lastEnded }: SentRequest): void {
    if (!this.#isPunctual || !mayHedge || request.kind === "handshake") return;
    const { calls, slowedAt } = traffic;
    const beyond = lastEnded - lastBegun - target;
    if (calls < HEDGED_FROM || slowedAt >= lastBegun) return;
    if (beyond <= this.longestUnhedged.beyond) return;
    this.longestUnhedged = { operation: this.#operation, calls, beyond };
  }

  /** It was answered while its client waited. */
  hear(sent: SentRequest, { server }: KvResponse): void {
    const { traffic } = sent;
    sent.isSettled = true;
    traffic.told = server;
    if (server.advice !== "go_on") traffic.slowedAt = this.#world.now;
    traffic.lastWord = this.#world.now;
  }

  #first(request: KvRequest): SentRequest {
    const traffic = this.#of(request.namespace);
    traffic.calls += 1;
    if (isMutation(request)) {
      this.#mutation ??= request;
      if (!isSameIntent(this.#mutation, request)) this.otherIntents.push(this.#operation);
    }
    const sent = (this.#sent[this.#count] ??= { ...NOTHING_SENT, request, traffic });
    this.#count += 1;
    sent.request = request;
    sent.traffic = traffic;
    sent.out = 0;
    sent.begun = this.#world.now;
    sent.isSettled = false;
    sent.retries = 0;
    sent.hedges = 0;
    return sent;
  }

  #known(request: KvRequest): SentRequest | undefined {
    for (let i = 0; i < this.#count; i += 1) {
      if (this.#sent[i]?.request === request) return this.#sent[i];
    }
    return undefined;
  }

  #of(namespace: string): NamespaceTraffic {
    for (const known of this.#namespaces) if (known.namespace === namespace) return known;
    const none = {
      calls: 0,
      slowedAt: Number.NEGATIVE_INFINITY,
      retries: 0,
      wasted: 0,
      hedges: 0,
      told: undefined,
      lastWord: 0,
    };
    const traffic: NamespaceTraffic = { namespace, ...none };
    this.#namespaces.push(traffic);
    return traffic;
  }

  #noteRetry(sent: SentRequest, now: Micros): void {
    const { traffic } = sent;
    traffic.retries += 1;
    sent.retries += 1;
    this.extras.push({
      operation: this.#operation,
      kind: "retry",
      calls: traffic.calls,
      count: traffic.retries,
      turn: sent.retries,
      waited: now - sent.lastEnded,
      target: 0,
    });
  }

  #noteHedge(sent: SentRequest, now: Micros, budget: Micros): void {
    const { traffic } = sent;
    const beyondMax = now + budget - sent.ends - CLOCKS_PART;
    if (beyondMax > this.longestBudget.beyondMax) {
      this.longestBudget = { operation: this.#operation, beyondMax };
    }
    traffic.hedges += 1;
    sent.hedges += 1;
    this.extras.push({
      operation: this.#operation,
      kind: "hedge",
      calls: traffic.calls,
      count: traffic.hedges,
      turn: sent.out,
      waited: now - sent.lastBegun,
      target: sent.target,
    });
  }

  /** What a client was told is what it goes by, and it is told anew from time to time. */
  #compareTold(sent: SentRequest, budget: Micros, now: Micros): void {
    const { request, traffic } = sent;
    if (request.kind === "handshake") {
      traffic.lastWord = now;
      return;
    }
    const [operation, isFirst] = [this.#operation, this.#isFirst];
    this.#isFirst = false;
    if (traffic.told === undefined) return;
    const micros = now - traffic.lastWord;
    if (isFirst && micros > this.longestSilence.micros) this.longestSilence = { operation, micros };
    const beyondMax = budget - (levelsFor(sent)?.max ?? Number.POSITIVE_INFINITY);
    if (beyondMax > this.longestBudget.beyondMax) this.longestBudget = { operation, beyondMax };
  }
}

/** From so many calls on a client has earned a hedge, whatever else it did. */
const HEDGED_FROM = 24;
/** Most that a client's clock and true time part by within an attempt, microseconds. */
const CLOCKS_PART = 1_000;

function levelsFor({ request: { kind }, traffic: { told } }: SentRequest): Slo["read"] | undefined {
  // How long a page of a scan takes, no level says.
  if (kind === "scan_items") return undefined;
  const isRead = kind === "get_items" || kind === "get_chunks" || kind === "mutation_status";
  return isRead ? told?.slo?.read : told?.slo?.write;
}

type MutationRequest = PutItemsRequest | DeleteItemsRequest | MutateItemsRequest;

/** Whether it is to change anything. */
export function isMutation(request: KvRequest): request is MutationRequest {
  const { kind } = request;
  return kind === "put_items" || kind === "delete_items" || kind === "mutate_items";
}

/** Same token, same absolute expiries; compared by content, since a copy would do. */
function isSameIntent(a: KvRequest, b: KvRequest): boolean {
  return a === b || JSON.stringify(intentOf(a)) === JSON.stringify(intentOf(b));
}

function intentOf(request: KvRequest): unknown {
  if (!isMutation(request)) return undefined;
  const { generationTime, nonce } = request.token;
  const expiries =
    request.kind === "put_items" ? request.items.map(({ expiresAt }) => expiresAt ?? 0) : [];
  return [request.kind, generationTime, [...nonce], expiries];
}
