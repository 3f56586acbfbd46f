/** How much a server has to do: the bound on it, and what clients are told of it (SIG-1, RES-2). */
import { KvError } from "../model/error.ts";
import type { LatencyObjective, NamespaceSignals } from "../model/signals.ts";
import { type Micros, MILLISECOND, SECOND } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { adviceFor, percentOf, utilizationOf } from "../policy/load-advice.ts";
import type { SystemLoad } from "../ports/system-load.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** Requests that a server has in progress at most when nobody says otherwise. */
export const REQUESTS_MAX_DEFAULT = 10_000;

/** What it works with. */
export type LoadParts = {
  readonly telemetry: Telemetry;
  /** Most requests in progress at a time, >= 1. */
  readonly requestsMax: number;
  readonly system: SystemLoad | undefined;
};

/** Most namespaces remembered; beyond it the one that was met first is forgotten (RES-2). */
const NAMESPACES_MAX = 1_000;
/** Latencies are told of the present window and the one before it. */
const WINDOW: Micros = 5 * SECOND;
/** For so long percentages of the past are told as they were. */
const TELL_ANEW: Micros = 100 * MILLISECOND;
/** Time between two questions to the place that the server runs at. */
const SAMPLE_EVERY: Micros = SECOND;

/** The load of one server. */
export class ServerLoad {
  readonly #parts: LoadParts;
  readonly #namespaces: Map<string, NamespaceLoad> = new Map();
  /** The one that was asked for last: mostly it is asked for again. */
  #last: NamespaceLoad | undefined;
  #inProgress = 0;

  /** Throws INVALID_ARGUMENT for a bound that would refuse everything. */
  constructor(parts: LoadParts) {
    const { requestsMax } = parts;
    if (!(requestsMax >= 1)) {
      throw new KvError("INVALID_ARGUMENT", `requestsMax is ${requestsMax}, wanted 1 or more`);
    }
    this.#parts = parts;
  }

  /** A request begins. One that may be refused is OVERLOADED when too many are in progress: nothing is done for it. */
  enter(mayRefuse: boolean): void {
    const { requestsMax, telemetry } = this.#parts;
    if (mayRefuse && this.#inProgress >= requestsMax) {
      telemetry.count("requests_shed");
      const found = `${this.#inProgress} requests are in progress`;
      throw new KvError("OVERLOADED", `${found}, wanted fewer than ${requestsMax}`);
    }
    this.#inProgress += 1;
  }

  /** One that has begun is over. */
  leave(): void {
    this.#inProgress -= 1;
  }

  /** A request of a namespace with service levels is over; between two monotonic instants. */
  note(namespace: Namespace, begun: Micros, now: Micros, objective: LatencyObjective): void {
    this.#of(namespace).note(now - begun, objective, now);
  }

  /** What a reply to a request that began at the monotonic instant `begun` tells. */
  signals(namespace: Namespace, begun: Micros): NamespaceSignals {
    const requests = percentOf(this.#inProgress, this.#parts.requestsMax);
    return this.#of(namespace).signals(requests, begun);
  }

  /** One of another configuration is another one: it begins anew. */
  #of(namespace: Namespace): NamespaceLoad {
    if (namespace === this.#last?.namespace) return this.#last;
    const { name } = namespace;
    let load = this.#namespaces.get(name);
    if (load?.namespace !== namespace) {
      load = new NamespaceLoad(namespace, this.#parts.system);
      this.#namespaces.delete(name);
      this.#namespaces.set(name, load);
      const [oldest = name] = this.#namespaces.keys();
      if (this.#namespaces.size > NAMESPACES_MAX) this.#namespaces.delete(oldest);
    }
    this.#last = load;
    return load;
  }
}

/** Requests by how long they took. */
type LatencyCounts = { requests: number; overTarget: number; overMax: number };

const noRequests = (): LatencyCounts => ({ requests: 0, overTarget: 0, overMax: 0 });

/** The load by one namespace. Every reply asks for it: percentages are made anew only now and then. */
class NamespaceLoad {
  readonly namespace: Namespace;
  readonly #system: SystemLoad | undefined;
  #before = noRequests();
  #present = noRequests();
  #presentEnds = Number.NEGATIVE_INFINITY;
  #sampleAt = Number.NEGATIVE_INFINITY;
  #compute: number | undefined;
  #storage: number | undefined;
  #told: NamespaceSignals | undefined;
  #toldUntil = Number.NEGATIVE_INFINITY;

  constructor(namespace: Namespace, system: SystemLoad | undefined) {
    this.namespace = namespace;
    this.#system = system;
  }

  note(took: Micros, { target, max }: LatencyObjective, now: Micros): void {
    this.#turn(now);
    this.#present.requests += 1;
    if (took > target) this.#present.overTarget += 1;
    if (took > max) this.#present.overMax += 1;
  }

  /** As of the last moment; the share of requests in progress, which advice goes by, as of now. */
  signals(requests: number, now: Micros): NamespaceSignals {
    const told = this.#told;
    const isNew = now < this.#toldUntil && told?.utilization.requests === requests;
    if (told !== undefined && isNew) return told;
    this.#sample(now);
    this.#turn(now);
    const [before, present] = [this.#before, this.#present];
    const all = before.requests + present.requests;
    const latency = {
      overTarget: percentOf(before.overTarget + present.overTarget, all),
      overMax: percentOf(before.overMax + present.overMax, all),
    };
    const [compute, storage] = [this.#compute, this.#storage];
    this.#toldUntil = now + TELL_ANEW;
    this.#told = {
      slo: this.namespace.slo,
      utilization: utilizationOf({ latency, storage, compute, requests }),
      advice: adviceFor({ compute, requests }),
    };
    return this.#told;
  }

  /** Begins another window when the present one is over. */
  #turn(now: Micros): void {
    if (now < this.#presentEnds) return;
    const isNext = now < this.#presentEnds + WINDOW;
    this.#before = isNext ? this.#present : noRequests();
    this.#present = noRequests();
    this.#presentEnds = now + WINDOW;
  }

  #sample(now: Micros): void {
    if (this.#system === undefined || now < this.#sampleAt) return;
    this.#sampleAt = now + SAMPLE_EVERY;
    this.#compute = this.#system.compute();
    this.#storage = this.#system.storage(this.namespace.name);
  }
}
