/** A request as it comes to a server, and how it ends there. */
import type { KvError, Micros } from "kvdal";
import type { KvResponse } from "kvdal/client";

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
