/** What follows from what in a watched world: requests at servers, engine calls, and answers find each other here. */
import { toHex } from "kvdal";
import { requestKey } from "../world/request-key.ts";
import type { SimNode } from "../world/node.ts";
import type { Carried } from "../world/trace.ts";
import type { Operations } from "./operations.ts";
import { Stored } from "./stored.ts";
import type { TraceEvent, TraceMessage } from "./trace.ts";

/** A request at a server, or a round of work of its own: what its next steps depend on. */
export type Thread = {
  readonly operation: number;
  /** Whose work it is, where it is no client's. */
  readonly by?: string;
  tail: number[];
};

/** An engine call that is out. */
export type OpenCall = {
  readonly event: number;
  /** Answers that have arrived for it. */
  readonly heard: number[];
};

/** What is behind a message: for which operation, after which events, for which engine call. */
export type Behind = {
  readonly operation: number;
  readonly causes: readonly number[];
  readonly call?: OpenCall | undefined;
};

/** What a server asks of its engine or cache. */
type Question = Extract<Carried, { kind: "read" | "write" | "repair" | "sweep" | "cache" }>;

/** What is sent back for such a question. */
const REPLIES: ReadonlySet<Carried["kind"]> = new Set(["taken", "rows", "cached"]);

/** What is written down so far. */
type Written = {
  readonly events: readonly TraceEvent[];
  readonly messages: readonly TraceMessage[];
  readonly operations: Operations;
};

/** The causes of one world. */
export class Causes {
  readonly stored: Stored = new Stored();
  /** The call that is being handed to an engine. */
  calling: OpenCall | undefined;
  readonly #written: Written;
  readonly #threads = new Map<number, Thread>();
  /** By the name of the messages that are sent for it. */
  readonly #callOf = new Map<number, OpenCall>();
  /** By message: the call that an answer to it is for. */
  readonly #callBehind = new Map<number, OpenCall>();
  readonly #carried = new Map<number, Carried>();
  /** The message whose arrival is being handled, and the event of that. */
  #arriving: { readonly message: number; readonly event: number } | undefined;

  constructor(written: Written) {
    this.#written = written;
  }

  /** What is being handled: the arrival of a message, or nothing. */
  get arrival(): readonly number[] {
    return this.#arriving === undefined ? [] : [this.#arriving.event];
  }

  /** A server takes the request that just arrived up under this name. */
  served(name: number): void {
    const { operation = 0 } = this.#written.messages[this.#arriving?.message ?? -1] ?? {};
    this.#threads.set(name, { operation, tail: [...this.arrival] });
  }

  /** A server begins work of its own under this name. */
  working(name: number, by: string): void {
    this.#threads.set(name, { operation: 0, by, tail: [...this.arrival] });
  }

  /** What goes by this name at a server. */
  thread(name: number): Thread {
    const known = this.#threads.get(name);
    if (known !== undefined) return known;
    const thread = { operation: 0, tail: [] };
    this.#threads.set(name, thread);
    return thread;
  }

  /** What happens now in what goes by this name at a server: for which operation, after which events. */
  behindThread(name: number): Behind {
    const { operation, tail } = this.thread(name);
    return { operation, causes: tail };
  }

  /** A message is sent, with what is behind it. */
  sent(message: number, carried: Carried | undefined, { call }: Behind): void {
    if (call !== undefined) this.#callBehind.set(message, call);
    if (carried !== undefined) this.#carried.set(message, carried);
  }

  /** A message has arrived, and is handled by `receive`. */
  arrived(message: number, event: number, receive: () => void): void {
    const carried = this.#carried.get(message);
    if (carried !== undefined && REPLIES.has(carried.kind)) {
      this.#callBehind.get(message)?.heard.push(event);
    }
    if (carried?.kind === "answer") {
      const { operation = 0 } = this.#written.messages[message] ?? {};
      this.#written.operations.heard(operation, event);
    }
    if (carried?.kind === "cache" && carried.verb !== "get") {
      this.stored.cached(toHex(carried.key), event);
    }
    this.#arriving = { message, event };
    receive();
    this.#arriving = undefined;
  }

  /** Of a message that is sent now: for which operation, after which events, and for which engine call. */
  behind(from: SimNode, key: number, carried: Carried | undefined): Behind {
    if (carried === undefined) return this.#answers(from);
    switch (carried.kind) {
      case "request":
        return this.#written.operations.current(from.index);
      case "answer": {
        const { operation, tail } = this.thread(carried.thread);
        return { operation, causes: tail };
      }
      case "read":
      case "write":
      case "sweep":
      case "cache":
        return this.#asks(key, carried);
      case "repair":
        return { operation: 0, causes: this.stored.seenBy(from.index, carried.partition) };
      case "taken":
      case "rows":
      case "cached":
        return this.#answers(from);
      default:
        throw carried satisfies never;
    }
  }

  #asks(key: number, carried: Question): Behind {
    const thread = this.thread(carried.signal === undefined ? 0 : requestKey(carried.signal));
    const { operation, tail } = thread;
    // What the cache answers, the request depends on by itself.
    if (carried.kind === "cache") {
      return { operation, causes: tail, call: { event: -1, heard: tail } };
    }
    const call = this.#callOf.get(key) ?? this.calling;
    if (call === undefined) return { operation, causes: tail };
    this.#callOf.set(key, call);
    // What it has heard already is why it asks again.
    return { operation, causes: [call.event, ...call.heard], call };
  }

  /** What answers a message follows from its arrival, and of a read from what was stored there. */
  #answers(from: SimNode): Behind {
    const arriving = this.#arriving;
    if (arriving === undefined) return { operation: 0, causes: [] };
    const asked = this.#carried.get(arriving.message);
    const { operation = 0 } = this.#written.messages[arriving.message] ?? {};
    const call = this.#callBehind.get(arriving.message);
    const causes = [arriving.event, ...this.#found(from, asked, arriving.event)];
    return { operation, causes, call };
  }

  #found(from: SimNode, asked: Carried | undefined, arrival: number): readonly number[] {
    if (asked?.kind === "read") return this.stored.seenBy(from.index, asked.read);
    if (asked?.kind === "cache") return this.stored.inCache(toHex(asked.key));
    // Of a write: what was applied since it arrived.
    const { events } = this.#written;
    const since = Array.from({ length: events.length - arrival }, (_, i) => arrival + i);
    return since.filter((event) => events[event]?.kind === "apply");
  }
}
