/** Writes down all that happens in one world, and for each event those that it depends on. */
import type { IdempotencyToken, Micros } from "kvdal";
import type { Mutation, Partition, StorageEngine } from "kvdal/engine";
import type { Point } from "../amplify/point.ts";
import type { OpenOperation } from "../workload/recorder.ts";
import type { Places } from "../workload/places.ts";
import type { Plan } from "../workload/plan.ts";
import { requestKey } from "../world/request-key.ts";
import type { SimNode } from "../world/node.ts";
import type { Sending, WatchedMessage, WorldTrace } from "../world/trace.ts";
import { Causes, type OpenCall } from "./causes.ts";
import { describe } from "../words/message-words.ts";
import { Operations } from "./operations.ts";
import type { TraceCall, TraceEvent, TraceMessage } from "./trace.ts";
import { type AskedCall, type CallNotes, tracedEngine } from "./traced-engine.ts";
import { WorldWords } from "../words/world-words.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The recorder of one world. */
export class TraceRecorder implements WorldTrace {
  readonly words: WorldWords;
  readonly events: TraceEvent[] = [];
  readonly messages: Open<TraceMessage>[] = [];
  readonly calls: Open<TraceCall>[] = [];
  readonly marks: { at: Micros; text: string }[] = [];
  readonly operations: Operations;
  readonly #latencyMax: Micros;
  readonly #clients: number;
  readonly #causes: Causes;
  #nodes: readonly SimNode[] = [];
  #places: Places | undefined;

  constructor(plan: Plan) {
    this.words = new WorldWords(plan.keys);
    this.operations = new Operations(plan, this.words);
    this.#latencyMax = plan.network.latencyMax;
    this.#clients = plan.topology.clients;
    this.#causes = new Causes(this);
  }

  open(nodes: readonly SimNode[], places: Places): void {
    this.#nodes = nodes;
    this.#places = places;
  }

  mark(text: string): void {
    this.marks.push({ at: this.#now, text });
  }

  begun(open: OpenOperation): void {
    const text = `begins: ${this.words.operation(open.operation)}`;
    const event = this.#note(this.#node(open.client), "begin", { ...this.#of(open), text });
    this.operations.begin(open, event);
  }

  token({ operation }: OpenOperation, token: IdempotencyToken): void {
    this.words.learn(operation, token);
  }

  ended(open: OpenOperation): void {
    const causes = this.operations.heardOf(open.operation.index);
    const told = this.operations.end(open, this.#now);
    this.#note(this.#node(open.client), "end", { ...this.#of(open), text: told, causes });
  }

  served(_: SimNode, name: number): void {
    this.#causes.served(name);
  }

  working(_: SimNode, name: number, what: string): void {
    this.#causes.working(name, what);
  }

  fired(node: SimNode, name: number, { name: point, what }: Pick<Point, "name" | "what">): void {
    const isClient = node.index < this.#clients;
    const { by } = isClient ? {} : this.#causes.thread(name);
    const { operation, causes } = isClient
      ? this.operations.current(node.index)
      : this.#causes.behindThread(name);
    const label = `point ${point} fires${by === undefined ? "" : ` in the ${by}`}`;
    this.#note(node, "point", { operation, text: `${label}: ${what}`, label, causes });
  }

  sent({ from, to, key, wait, carried }: Sending): WatchedMessage {
    const number = this.messages.length;
    const behind = this.#causes.behind(from, key, carried);
    const described = describe(carried, this.words);
    const { text, keys, partition, operation: writer, slot, dated, isError } = described;
    const operation = behind.operation || writer;
    const about = { ...this.#recordOf(partition), keys, text, operation, message: number };
    const message: Open<TraceMessage> = {
      from: from.index,
      to: to.index,
      sent: this.#note(from, "send", { ...about, causes: behind.causes }),
      leaves: this.#now + wait,
      fate: "down",
      late: false,
      copies: [],
      operation,
      ...(carried === undefined ? {} : { carries: carried.kind }),
      ...(slot === undefined ? {} : { slot }),
      ...(dated === undefined ? {} : { dated }),
      ...(isError === undefined ? {} : { isError }),
      text,
    };
    this.messages.push(message);
    this.#causes.sent(number, carried, behind);
    return {
      dropped: (how) => {
        message.fate = how;
      },
      copy: (delay, receive) => {
        const copy: Open<TraceMessage["copies"][number]> = { arrives: this.#now + delay };
        message.copies = [...message.copies, copy];
        message.late ||= delay - wait > this.#latencyMax;
        return () => {
          message.fate = "delivered";
          const event = this.#note(to, "receive", { ...about, causes: [message.sent] });
          copy.event = event;
          this.#causes.arrived(number, event, receive);
        };
      },
    };
  }

  engine(server: SimNode, engine: StorageEngine): StorageEngine {
    return tracedEngine(engine, this.words, (asked, signal) =>
      this.#call(server, asked, requestKey(signal)),
    );
  }

  #call(server: SimNode, asked: AskedCall, name: number): CallNotes {
    const thread = this.#causes.thread(name);
    const { text, table, id } = asked;
    const place = id === undefined ? undefined : { table, id };
    const record = this.#recordOf(place);
    const { operation, by } = thread;
    const about = { ...record, operation };
    const event = this.#note(server, "call", { ...about, text, causes: thread.tail });
    const call: OpenCall = { event, heard: [] };
    const span: Open<TraceCall> = {
      node: server.index,
      begun: this.#now,
      outcome: "open",
      operation,
      ...(by === undefined ? {} : { by }),
      ...record,
      ...asked,
    };
    this.calls.push(span);
    this.#causes.calling = call;
    const { incarnation } = server;
    return {
      issued: () => {
        this.#causes.calling = undefined;
      },
      ended: (outcome, came) => {
        if (server.incarnation !== incarnation) return;
        Object.assign(span, { ended: this.#now, outcome, ...came });
        const causes = [event, ...call.heard];
        const end = this.#note(server, "return", { ...about, text: came.said, causes });
        thread.tail = [...thread.tail.slice(0, 1), end];
      },
    };
  }

  applied(replica: SimNode, partition: Partition, mutations: readonly Mutation[]): void {
    for (const mutation of mutations) {
      const about = this.#change(partition, mutation);
      const event = this.#note(replica, "apply", { ...about, causes: this.#causes.arrival });
      this.#causes.stored.changed(replica.index, partition, { event, keys: about.keys });
    }
  }

  forgotten(
    replica: SimNode,
    partition: Partition,
    mutations: readonly Mutation[],
    wasDurable: boolean,
  ): void {
    const { stored } = this.#causes;
    for (const mutation of mutations) {
      const { text, ...about } = this.#change(partition, mutation);
      const causes = stored.seenBy(replica.index, partition);
      const detail = {
        ...about,
        text: `${text}${wasDurable ? ", which was on its disk" : ", not yet on disk"}`,
        causes,
      };
      const event = this.#note(replica, "forget", detail);
      stored.changed(replica.index, partition, { event, keys: about.keys });
    }
  }

  /** A change of what is stored: where, of which keys, by whom. */
  #change(
    partition: Partition,
    mutation: Mutation,
  ): { record?: number; keys: readonly number[]; operation: number; text: string } {
    const { version } = mutation.kind === "put" ? mutation.row : mutation;
    return {
      ...this.#recordOf(partition),
      ...this.words.rowsOf(partition.table).mutation(mutation),
      operation: this.words.writer(version),
    };
  }

  crashed(node: SimNode): void {
    for (const call of this.calls) {
      if (call.node === node.index && call.outcome === "open") call.ended ??= this.#now;
    }
    this.#note(node, "crash", { text: "goes down" });
  }

  restarted(node: SimNode): void {
    this.#note(node, "restart", { text: "is back, with what is on its disk" });
  }

  flushed(): void {
    this.#causes.stored.flush();
    this.mark("the cache is emptied");
  }

  get #now(): Micros {
    return this.#nodes[0]?.world.now ?? 0;
  }

  #node(index: number): SimNode {
    return this.#nodes[index] as SimNode;
  }

  #note(
    node: SimNode,
    kind: TraceEvent["kind"],
    { operation = 0, causes = [], ...detail }: Partial<TraceEvent> & { readonly text: string },
  ): number {
    const { text, label, message, record, keys } = detail;
    this.events.push({
      at: this.#now,
      node: node.index,
      wall: node.wall(),
      monotonic: node.monotonic(),
      kind,
      operation,
      ...(message === undefined ? {} : { message }),
      ...(record === undefined ? {} : { record }),
      ...(keys === undefined ? {} : { keys }),
      text,
      ...(label === undefined ? {} : { label }),
      causes: [...new Set(causes)].toSorted((a, b) => a - b),
    });
    return this.events.length - 1;
  }

  #of({ operation }: OpenOperation): Pick<TraceEvent, "operation" | "record" | "keys"> {
    const { index, record } = operation;
    return { operation: index, record, keys: this.operations.keysOf(operation) };
  }

  #recordOf(partition: Partition | undefined): { record?: number } {
    const places = this.#places;
    if (partition === undefined || places === undefined) return {};
    for (let record = 0; record < places.records; record += 1) {
      const isIts = places.idOf(record) === partition.id;
      if (isIts && places.namespaceOf(record) === partition.table) return { record };
    }
    return {};
  }
}
