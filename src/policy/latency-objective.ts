/** Which of a namespace's service levels a kind of request is held to (SLO-1). */
import type { KvRequest } from "../model/request.ts";
import type { LatencyObjective, Slo } from "../model/signals.ts";

/**
 * The objective; undefined for a namespace without service levels, for a handshake, which is no work, and for a page
 * of a scan: how fast that is to be, its own caller says, and it says nothing of how fast reads of records are.
 */
export function objectiveOf(
  slo: Slo | undefined,
  kind: KvRequest["kind"],
): LatencyObjective | undefined {
  if (slo === undefined || kind === "handshake" || kind === "scan_items") return undefined;
  return kind === "get_items" || kind === "get_chunks" || kind === "mutation_status"
    ? slo.read
    : slo.write;
}
