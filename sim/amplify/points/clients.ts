/** Points at the caller's side. */
import type { Point } from "../point.ts";

/** Of clients. */
export const CLIENT_POINTS: readonly Point[] = [
  {
    name: "staged-to-put-late",
    what: "a pause between the chunks that a client has staged and the put that commits them",
    file: "src/client/kv-client.ts",
    find: "return await this.#put({ id, token, ifAbsent }, ready, bounds, input.token);",
    side: "before",
    at: "this.#env",
    when: "ready.items !== items",
    within: "bounds",
  },
];
