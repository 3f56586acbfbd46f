/** What servers of a world did: what they asked of their engine, answered, took and refused. */
import type { KvErrorCode, Micros } from "kvdal";
import type { RequestRecord } from "./request-words.ts";

/** A call of an engine verb that the engine had reason to take up. Instants of the server's own monotonic clock. */
export type EngineCallRecord = {
  readonly begun: Micros;
  /** When the request was over: by its own budget, or its namespace's longest latency if that is sooner. */
  readonly over: Micros;
  /** The deadline that the engine was given. */
  readonly deadline: Micros;
  /** The slowest read before it for the same request; 0 when there was none. */
  readonly slowestRead: Micros;
  /** Rows asked for; 0 for a write. */
  readonly rows: number;
  /** The most rows that the sizes in the page token call for; Infinity where nothing says so. */
  readonly rowsMax: number;
  /** The most rows that the request may still look at; Infinity where that is not bounded. */
  readonly rowsLeft: number;
  /** What it was made for; undefined where that is not known, here as below. */
  readonly request?: RequestRecord | undefined;
};

/** A token that a server took or refused, and what its own wall clock showed then. */
export type AdmissionRecord = {
  readonly time: Micros;
  readonly wall: Micros;
  readonly verdict: "taken" | "TOKEN_FROM_PAST" | "TOKEN_FROM_FUTURE";
  readonly request?: RequestRecord | undefined;
};

/** A request of a few items that a server answered with an error, and the time that it had for it. */
export type ServerFailure = {
  readonly kind: string;
  readonly code: KvErrorCode;
  /** Time that it had, by its caller and by the longest latency of the namespace. */
  readonly budget: Micros;
  /** Reads of the engine that it had made by then. */
  readonly reads: number;
  readonly request?: RequestRecord | undefined;
};

/** A request that a server refused for having too much in progress, and how much it had. */
export type RefusalRecord = {
  readonly inProgress: number;
  readonly requestsMax: number;
  readonly request?: RequestRecord | undefined;
};

/** An answered read of items. Instants of the server's own monotonic clock. */
export type AnswerRecord = {
  readonly sent: Micros;
  readonly over: Micros;
  readonly request?: RequestRecord | undefined;
};

/** A read of the primary that could have shared one under way, and the requests of both. */
export type SharableRecord = {
  readonly question: string;
  readonly requests?: readonly RequestRecord[];
};
