/** What the watch of a client keeps of a request, and of all that it sent to a namespace. */
import type { LoadAdvice, Micros, Slo } from "kvdal";
import type { KvRequest } from "kvdal/client";

/** A request of the present operation, by all its attempts. */
export type SentRequest = {
  request: KvRequest;
  traffic: NamespaceTraffic;
  /** Attempts that are out. */
  out: number;
  retries: number;
  hedges: number;
  /** When its first attempt was sent. */
  begun: Micros;
  /** It was answered, or an attempt of it ended in an error that no other mends. */
  isSettled: boolean;
  lastBegun: Micros;
  lastEnded: Micros;
  /** When the time of the first of those that are out is over. */
  ends: Micros;
  /** Whether a server had no objections to a hedge then. */
  mayHedge: boolean;
  /** The target latency told when the first of those that are out was sent. */
  target: Micros;
};

/** What a client sent to a namespace of one name, and was told of it. */
export type NamespaceTraffic = {
  readonly namespace: string;
  calls: number;
  retries: number;
  /** Requests that ended without an answer: each may have paid for a retry that then found no time. */
  wasted: number;
  hedges: number;
  /** Undefined before the first answer. */
  told: { readonly slo: Slo | undefined; readonly advice: LoadAdvice } | undefined;
  /** When a server last advised to ask less of it. */
  slowedAt: Micros;
  /** When an answer last came, or a handshake was last sent. */
  lastWord: Micros;
};

/** How one begins. */
export const NOTHING_SENT = {
  out: 0,
  retries: 0,
  hedges: 0,
  begun: 0,
  isSettled: false,
  lastBegun: 0,
  lastEnded: 0,
  ends: 0,
  mayHedge: false,
  target: 0,
};
