/** A request as it comes to a server, and how it ends there. */
import type { KvError, Micros } from "kvdal";
import type { KvResponse } from "kvdal/client";
import type { OpenOperation } from "../workload/recorder.ts";

/** What comes with a request: its name, the time that it has, and the operation that it is sent for. */
export type SentTo = {
  readonly key: number;
  readonly budget: Micros;
  readonly operation: number;
};

/** How a request ended at a server. */
export type ServerAnswer =
  | {
      readonly kind: "answer";
      readonly answer: KvResponse;
      /** A page for which the primary was not read. */
      readonly cached: boolean;
      /** A page for which the primary was read more than once: what it shows is of several moments. */
      readonly inSteps: boolean;
    }
  | { readonly kind: "error"; readonly error: KvError };

/** What an answer says of how the primary was looked at belongs to the operation. */
export function noteLooks(
  { cached, inSteps }: Extract<ServerAnswer, { kind: "answer" }>,
  open: OpenOperation,
): void {
  open.cached ||= cached;
  open.inSteps ||= inSteps;
}
