/** A request to a server, for whoever tells of it. */
import type { Micros } from "kvdal";

/** What is known of one. */
export type RequestRecord = {
  /** The operation that its client sent it for. */
  readonly operation: number;
  /** Number of the server that it came to. */
  readonly server: number;
  readonly verb: string;
  /** The time that it came with. */
  readonly budget: Micros;
  /** The namespace's longest latency for it; Infinity where it has none. */
  readonly longest: Micros;
};

/** `get_items at server 1: ` in front of what befell it; nothing where the request is not known. */
export function requestWords(request: RequestRecord | undefined): string {
  return request === undefined ? "" : `${request.verb} at server ${request.server}: `;
}

/** `; the call came with 40 ms, the namespace's longest latency is 5 ms`, after what befell it. */
export function timeWords(request: RequestRecord | undefined): string {
  if (request === undefined) return "";
  const { budget, longest } = request;
  const most =
    longest === Number.POSITIVE_INFINITY
      ? ""
      : `, the namespace's longest latency is ${exactly(longest)}`;
  return `; the call came with ${exactly(budget)}${most}`;
}

/** The operations of a verdict on these requests, each once. */
export function operationsOf(...requests: readonly (RequestRecord | undefined)[]): number[] {
  return [...new Set(requests.flatMap((request) => request?.operation ?? []))];
}

/** `5.25 ms`: nothing is rounded, since a microsecond may decide. */
export function exactly(micros: Micros): string {
  return `${micros / 1_000} ms`;
}
