/** What servers tell clients of themselves beside answers: service levels, load, and what to do about it (SIG-1). */
import type { Micros } from "./time.ts";

/** The latencies of one kind of call, microseconds. */
export type LatencyObjective = {
  /** What most calls are to take: a client that has waited so long may hedge (RETRY-3). */
  readonly target: Micros;
  /** What no call takes: a server starts no backend work for a call that is older, a client gives the attempt up. */
  readonly max: Micros;
};

/** Service levels of a namespace with every field decided (SLO-1). */
export type Slo = {
  readonly read: LatencyObjective;
  readonly write: LatencyObjective;
  /** Of deletes, where it is not that of puts. */
  readonly deletes?: LatencyObjective;
  /** Of lists of mutations, until they are accepted, where it is not that of puts. */
  readonly lists?: LatencyObjective;
};

/** How used the server is that answered: whole percent, rounded up, so that 0 says "none at all". */
export type Utilization = {
  /** The greatest of what slows calls down now: `overTarget`, `overMax`, `compute` and `requests`. */
  readonly overall: number;
  /** Of the namespace's requests in the last seconds, those that took longer; 0 without service levels. */
  readonly latency: { readonly overTarget: number; readonly overMax: number };
  /** Undefined where nobody measures it. */
  readonly storage: number | undefined;
  readonly compute: number | undefined;
  /** Requests in progress, of the most that the server takes at a time. */
  readonly requests: number;
};

/** What a server wants its clients to do for now; what each call then does is the client's (`policy/throttle.ts`). */
export type LoadAdvice = "go_on" | "slow_down" | "shed";

/** How much a call matters to its caller: what goes first when a server asks for less. */
export type Priority = "critical" | "normal" | "bulk";

/** What a client knows of a namespace from its servers, for callers that adapt what they do. */
export type NamespaceSignals = {
  /** Undefined for a namespace without service levels. */
  readonly slo: Slo | undefined;
  readonly utilization: Utilization;
  readonly advice: LoadAdvice;
};
