/** Which of a namespace's service levels a kind of request is held to (SLO-1). */
import type { KvRequest } from "../model/request.ts";
import type { LatencyObjective, Slo } from "../model/signals.ts";

/** The objective; undefined for a namespace without service levels, and for a handshake, which is no work. */
export function objectiveOf(
  slo: Slo | undefined,
  kind: KvRequest["kind"],
): LatencyObjective | undefined {
  if (slo === undefined || kind === "handshake") return undefined;
  return kind === "get_items" || kind === "get_chunks" || kind === "mutation_status"
    ? slo.read
    : slo.write;
}
