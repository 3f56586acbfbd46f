/** What a server says when it has too much to do. */
import { KvError } from "kvdal";
import type { KvRequest } from "kvdal/client";

/**
 * Whether the server had too much in progress: of lists it may also have too many that wait, and what an engine refuses
 * comes with the engine's own word as its cause.
 */
export function isBusy(error: unknown, { kind }: KvRequest): boolean {
  if (!(error instanceof KvError) || error.code !== "OVERLOADED") return false;
  return kind !== "mutate_items" && error.cause === undefined;
}
