/**
 * Which faults touch which calls: a fault touches those that are under way when it fires at one of their nodes, which
 * are a client and the servers that it has sent the call to, or on a link of them. Told when a fault fires, which is
 * seldom; a world in which nothing fires pays for the beginning and the end of each call.
 */
import { FAULT_KINDS, faultBit, type FaultKind } from "../faults/kinds.ts";
import type { Operation } from "../workload/operation.ts";
import type { ClockPlan } from "./node.ts";

/** What clients ask for. */
export const VERBS = [
  "put",
  "get",
  "page",
  "scan",
  "delete_keys",
  "delete_range",
  "delete_record",
  "list",
  "status",
] as const;
/** How a call ends: `failed` certainly did not take effect, `unknown` may have. */
export const OUTCOMES = ["answered", "failed", "unknown"] as const;

/** The name of a verb. */
export type Verb = (typeof VERBS)[number];
/** The name of an outcome. */
export type CallOutcome = (typeof OUTCOMES)[number];

/** How many cells the matrix of fault, verb and outcome has. */
export const CELLS: number = FAULT_KINDS.length * VERBS.length * OUTCOMES.length;

/** Where a cell stands among all of them. */
export function cellAt(fault: FaultKind, verb: Verb, outcome: CallOutcome): number {
  return rowAt(verb, outcome) + FAULT_KINDS.indexOf(fault);
}

function rowAt(verb: Verb, outcome: CallOutcome): number {
  return VERB_ROWS[verb] + OUTCOME_ROWS[outcome];
}

const VERB_ROWS = rows(VERBS, OUTCOMES.length * FAULT_KINDS.length);
const OUTCOME_ROWS = rows(OUTCOMES, FAULT_KINDS.length);

/** Where each begins, of so many cells. */
function rows<N extends string>(names: readonly N[], cells: number): Readonly<Record<N, number>> {
  const entries = names.map((name, i) => [name, i * cells] as const);
  return Object.fromEntries(entries) as Record<N, number>;
}

/** Codes of events on links are below this: `from * 64 + to`. */
const LINKS_END = 64 * 64;

/** A world's nodes: clients come first, then servers, then those of the engine, then the cache. */
export type TouchedNodes = {
  readonly clients: number;
  readonly servers: number;
  /** Of clients, servers and the nodes of the engine. */
  readonly clocks: readonly ClockPlan[];
};

/** The touches of one world. */
export class Touches {
  /** Calls touched, by cell. */
  readonly counts: Uint32Array = new Uint32Array(CELLS);
  readonly #nodes: TouchedNodes;
  /** Of each client, as bits: the faults that touch its call, and the servers that the call was sent to. */
  readonly #touched: number[];
  readonly #used: number[];
  readonly #byAlias: boolean[];
  /** Faults that each node has by itself, or that it is down by. */
  readonly #clockFaults: readonly number[];
  readonly #downBy: number[];
  #flipped = 0;

  constructor(nodes: TouchedNodes) {
    const { clients, servers, clocks } = nodes;
    this.#nodes = nodes;
    this.#touched = Array.from({ length: clients }, () => 0);
    this.#used = Array.from({ length: clients }, () => 0);
    this.#byAlias = Array.from({ length: clients }, () => false);
    this.#clockFaults = clocks.map(faultsOfClock);
    this.#downBy = [...clocks, undefined].map((_, node) => {
      if (node < clients + servers) return SERVER_CRASH;
      return node < clocks.length ? REPLICA_CRASH : CACHE_AWAY;
    });
  }

  /** A client begins a call. */
  begin(client: number, operation: Operation): void {
    this.#touched[client] = this.#clockFaults[client] as number;
    this.#used[client] = 0;
    this.#byAlias[client] = "byAlias" in operation && operation.byAlias;
  }

  /** It sends the call to a server, up or down. */
  use(client: number, server: { readonly index: number; readonly up: boolean }): void {
    const bit = this.#bitOf(server.index);
    this.#used[client]! |= bit;
    this.#touched[client]! |= this.#clockFaults[server.index] as number;
    if (!server.up) this.#touched[client]! |= this.#downBy[server.index] as number;
    if (this.#byAlias[client] === true && (this.#flipped & bit) !== 0) {
      this.#touched[client]! |= ALIAS_FLIP;
    }
  }

  /** The call has ended. */
  end(client: number, verb: Verb, outcome: CallOutcome): void {
    const row = rowAt(verb, outcome);
    for (let rest = this.#touched[client] as number; rest !== 0; rest &= rest - 1) {
      this.counts[row + 31 - Math.clz32(rest & -rest)]! += 1;
    }
  }

  /** Something befell a message from one node to another. */
  onLink(from: number, to: number, fault: number): void {
    const { clients } = this.#nodes;
    // Between a client and a server it is a message of that client alone.
    if (to >= clients) this.atNode(from, fault);
    if (from >= clients) this.atNode(to, fault);
  }

  /** Something befell a node: its own call, if it is a client, or the calls that were sent to it. */
  atNode(node: number, fault: number): void {
    const { clients } = this.#nodes;
    if (node < clients) {
      this.#touched[node]! |= fault;
      return;
    }
    const bit = this.#bitOf(node);
    for (let client = 0; client < clients; client += 1) {
      if ((this.#used[client]! & bit) !== 0) this.#touched[client]! |= fault;
    }
  }

  /** Something befell what all servers share. */
  everywhere(fault: number): void {
    this.#used.forEach((used, client) => {
      if (used !== 0) this.#touched[client]! |= fault;
    });
  }

  /** A node goes down by that. */
  down(node: number, fault: number): void {
    this.#downBy[node] = fault;
    this.atNode(node, fault);
  }

  /** An event came to nothing since its node is down. */
  foundDown(code: number): void {
    if (code >= LINKS_END) return;
    const to = code % 64;
    this.onLink((code - to) / 64, to, this.#downBy[to] as number);
  }

  /** A server's alias points at the other of its two namespaces from now on. */
  flip(server: number): void {
    const bit = 1 << server;
    this.#flipped ^= bit;
    this.#used.forEach((used, client) => {
      const isMoved = this.#byAlias[client] === true && (used & bit) !== 0;
      if (isMoved) this.#touched[client]! |= ALIAS_FLIP;
    });
  }

  /** The bit of a server; 0 for any other node. */
  #bitOf(node: number): number {
    const server = node - this.#nodes.clients;
    return server >= 0 && server < this.#nodes.servers ? 1 << server : 0;
  }
}

const SERVER_CRASH = faultBit("server_crash");
const REPLICA_CRASH = faultBit("replica_crash");
const CACHE_AWAY = faultBit("cache_away");
const ALIAS_FLIP = faultBit("alias_flip");
const CLOCK_OFFSET = faultBit("clock_offset");
const CLOCK_DRIFT = faultBit("clock_drift");
const CLOCK_COARSE = faultBit("clock_coarse");

function faultsOfClock({ offset, driftPpm, resolution }: ClockPlan): number {
  return (
    (offset === 0 ? 0 : CLOCK_OFFSET) |
    (driftPpm === 0 ? 0 : CLOCK_DRIFT) |
    (resolution === 1 ? 0 : CLOCK_COARSE)
  );
}
