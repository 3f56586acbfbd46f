/** A client of the world: the real client on a node, carrying out a list of operations one after another. */
import {
  type ClientLimits,
  KvError,
  type Micros,
  type MonotonicTokens,
  monotonicTokens,
  type Priority,
} from "kvdal";
import {
  createClient,
  type KvClient,
  type KvRequest,
  neverAborted,
  sleep,
  type TokenSource,
  type Transport,
  type TransportCall,
} from "kvdal/client";
import { faultBit } from "../faults/kinds.ts";
import { faultPlace } from "../faults/registry/index.ts";
import { bareOperation } from "../workload/open-operation.ts";
import type { OpenOperation, Recorder } from "../workload/recorder.ts";
import { NAMESPACE } from "../workload/namespace-plan.ts";
import { perform, type Task } from "../workload/perform.ts";
import type { Operation } from "../workload/operation.ts";
import type { Places } from "../workload/places.ts";
import { answerIn, type ClientRegions } from "./client-regions.ts";
import { LIMITS } from "./client-limits.ts";
import { GiveUp } from "./give-up.ts";
import { noteAgain } from "./heard-again.ts";
import { hash32 } from "./keyed-random.ts";
import type { Network } from "./network.ts";
import { timeOf } from "./time-of.ts";
import type { SimNode } from "./node.ts";
import { noteLooks, type ServerAnswer } from "./server-call.ts";
import type { SimServer } from "./sim-server.ts";
import type { CallOutcome } from "./touches.ts";
import type { Carried } from "./trace.ts";
import { TrafficWatch } from "./traffic-watch.ts";

const COUNTS = {
  overload: faultPlace("overload"),
  giveUp: faultPlace("give_up"),
} as const;

/** What a client works with. */
export type SimClientParts = {
  readonly node: SimNode;
  readonly network: Network;
  readonly servers: readonly SimServer[];
  readonly places: Places;
  readonly recorder: Recorder;
  readonly keys: readonly Uint8Array[];
  /** Whether it stages and fetches chunks itself, or leaves that to the servers. */
  readonly chunking: boolean;
  /** Limits in place of those of all clients. */
  readonly limits: Partial<ClientLimits>;
  /** Of all its calls. */
  readonly priority: Priority;
  /** In a world of several regions: the servers that it calls now, and where a server is. */
  readonly regions?: ClientRegions | undefined;
};

/** A client. */
export class SimClient {
  readonly #parts: SimClientParts;
  readonly traffic: TrafficWatch;
  readonly #client: KvClient;
  readonly #limits: typeof LIMITS;
  #current: OpenOperation | undefined;
  #attempts = 0;
  #pinned: number | undefined;
  readonly #wait = (micros: Micros): Promise<void> => sleep(this.#parts.node.env().timers, micros);
  readonly #recordOf = (id: string): number => {
    const { records, idOf, namespaceOf } = this.#parts.places;
    for (let record = 0; record < records; record += 1) {
      if (namespaceOf(record) === NAMESPACE && idOf(record) === id) return record;
    }
    return -1;
  };

  constructor(parts: SimClientParts) {
    this.#parts = parts;
    this.#limits = { ...LIMITS, ...parts.limits };
    const { node } = parts;
    this.traffic = new TrafficWatch(node.world, node.late === undefined);
    // What an amplification point of a client asks.
    const amplify = node.world.amplifier.ofClient(node);
    const env = { ...node.env(), amplify };
    this.#client = createClient({
      env,
      transport: this.#transport(),
      tokens: this.#recorded(monotonicTokens(env)),
      limits: this.#limits,
      capabilities: { chunking: parts.chunking },
    });
  }

  /** Carries out the operations in turn, each after its think time. Why the first of those that failed did. */
  async run(operations: readonly Operation[]): Promise<KvError | undefined> {
    const { node } = this.#parts;
    const { timers } = node.env();
    let failed: KvError | undefined;
    for (const operation of operations) {
      node.scope.key = operation.index;
      if (operation.think > 0) await sleep(timers, operation.think);
      const error = await this.#one(operation);
      failed ??= error;
    }
    return failed;
  }

  /** As `run`, with every request sent to one server. */
  async runAt(server: number, operations: readonly Operation[]): Promise<KvError | undefined> {
    this.#pinned = server;
    const failed = await this.run(operations);
    this.#pinned = undefined;
    return failed;
  }

  /** Whether the last call was answered without the primary. */
  get wasCached(): boolean {
    return this.#current?.cached === true;
  }

  /** One call that is no operation of the workload, under a number of its own, to one server. */
  async askAt<T>(
    server: number,
    number: number,
    ask: (client: KvClient) => Promise<T>,
  ): Promise<T> {
    const { node } = this.#parts;
    node.scope.key = number;
    this.#pinned = server;
    this.#current = bareOperation(number, node.index, node.world.now);
    this.#attempts = 0;
    this.traffic.beginOperation(number);
    try {
      return await ask(this.#client);
    } finally {
      this.traffic.endOperation(Number.POSITIVE_INFINITY);
      this.#pinned = undefined;
      node.expectIdle(`after call ${number}`);
    }
  }

  async #one(operation: Operation): Promise<KvError | undefined> {
    const { node, recorder, places, keys, priority } = this.#parts;
    const { timeoutMicros, attemptTimeoutMicros } = this.#limits;
    const open = recorder.begin(operation, node.index);
    node.world.trace?.begun(open);
    this.#current = open;
    this.#attempts = 0;
    this.traffic.beginOperation(operation.index);
    const { touches } = node.world;
    touches?.begin(node.index, operation);
    const id = places.idOf(operation.record);
    const [recordOf, wait] = [this.#recordOf, this.#wait];
    const task = { operation, id, keys, open, places, lists: recorder.lists, recordOf, wait };
    if (operation.giveUp === 0) await perform(this.#client, task, { priority });
    else await this.#withGivingUp(task);
    recorder.end(open);
    node.world.trace?.ended(open);
    touches?.end(node.index, operation.kind, outcomeOf(open.error));
    if (open.error !== undefined && operation.giveUp === 0) {
      this.traffic.noteFailure(timeoutMicros, attemptTimeoutMicros);
    }
    this.traffic.endOperation(timeOf(operation, timeoutMicros));
    node.expectIdle("after operation ", operation.index);
    return open.error;
  }

  /** Performs an operation whose caller has no patience. */
  async #withGivingUp(task: Task): Promise<void> {
    const { node, priority } = this.#parts;
    const { giveUp, index } = task.operation;
    const caller = new GiveUp();
    const cancelTimer = node.timer(giveUp, () => {
      node.world.touches?.atNode(node.index, GIVE_UP);
      node.world.tally.count(COUNTS.giveUp, caller.listeners > 0);
      caller.abort();
    });
    await perform(this.#client, task, { priority, signal: caller.signal });
    cancelTimer();
    if (caller.listeners > 0) node.world.noteLeft(`a listener after operation ${index}`);
  }

  /** Tokens as the client's source gives them; the first one of an operation is the one it is judged by. */
  #recorded(source: MonotonicTokens): TokenSource {
    return {
      next: (ticks) => {
        const token = source.next(ticks);
        const open = this.#current;
        if (open !== undefined) {
          const { node } = this.#parts;
          if (open.token === undefined) open.shown = node.wall();
          open.token ??= token;
          node.world.trace?.token(open, token);
        }
        return token;
      },
      observe: source.observe,
      refused: source.refused,
    };
  }

  #transport(): Transport {
    const send = (request: KvRequest, call: TransportCall): Promise<unknown> =>
      new Promise((resolve, reject) => this.#send(request, call, { resolve, reject }));
    return send as Transport;
  }

  #serverFor(key: number): SimServer {
    const { node, servers, regions } = this.#parts;
    if (this.#pinned !== undefined) return servers[this.#pinned] as SimServer;
    const near = regions?.serversOf(node) ?? servers;
    return near[key % near.length] as SimServer;
  }

  /** One attempt: to a server that the draw picks, and back; whatever arrives after the end changes nothing. */
  #send(request: KvRequest, { budget, signal }: TransportCall, caller: Caller): void {
    const { node, network, regions } = this.#parts;
    const { traffic } = this;
    const open = this.#current as OpenOperation;
    this.#attempts += 1;
    const sent = traffic.begin(request, budget);
    const key = hash32(node.index, open.operation.index, this.#attempts);
    const server = this.#serverFor(key);
    node.world.touches?.use(node.index, server.node);
    const cancelTimer = node.timer(budget, () => {
      end();
      caller.reject(NO_ANSWER);
    });
    const onAbort = (): void => {
      end();
      caller.reject(GIVEN_UP);
    };
    let isOver = false;
    const end = (): void => {
      if (!isOver) traffic.end(sent);
      isOver = true;
      cancelTimer();
      if (signal !== neverAborted) signal.removeEventListener("abort", onAbort);
    };
    if (signal !== neverAborted) signal.addEventListener("abort", onAbort);
    const settle = (answer: ServerAnswer): void => {
      if (answer.kind === "answer" && !isOver) {
        noteLooks(answer, open);
        if (regions !== undefined && request.kind !== "handshake") {
          answerIn(regions.regionAt(server.node), open);
        }
        traffic.hear(sent, answer.answer);
      }
      if (answer.kind === "error" && answer.error.retry === "never") sent.isSettled = true;
      end();
      if (answer.kind === "answer") caller.resolve(answer.answer);
      else {
        if (answer.error.code === "OVERLOADED") {
          node.world.touches?.atNode(node.index, OVERLOAD);
          node.world.tally.count(COUNTS.overload, true);
        }
        caller.reject(answer.error);
      }
    };
    let deliveries = 0;
    const { trace, spared } = node.world;
    const deliver = (): void => {
      deliveries += 1;
      if (deliveries > 1 && spared.includes("double_delivery")) return;
      if (deliveries > 1) noteAgain(request, open, this.#parts);
      const thread = hash32(key, deliveries);
      const sentTo = { key: thread, budget, operation: open.operation.index };
      server.receive(request, sentTo, (answer) => {
        const carried: Carried | undefined = trace && { ...answer, kind: "answer", thread };
        const name = hash32(key, 9, deliveries);
        network.send(server.node, node, name, () => settle(answer), 0, carried);
      });
    };
    network.send(node, server.node, key, deliver, 0, trace && { kind: "request", request });
  }
}

function outcomeOf(error: KvError | undefined): CallOutcome {
  if (error === undefined) return "answered";
  return error.applied === "unknown" ? "unknown" : "failed";
}

/** Errors that say the same each time, made once: making one costs as much as a few events. */
const NO_ANSWER = new KvError("DEADLINE_EXCEEDED", "no answer in time");
const GIVEN_UP = new KvError("CANCELLED", "the caller gave up");

const [GIVE_UP, OVERLOAD] = [faultBit("give_up"), faultBit("overload")];

/** Who waits for an attempt. */
type Caller = {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: KvError) => void;
};
