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
  switch (kind) {
    case "get_items":
    case "get_chunks":
    case "mutation_status":
      return slo.read;
    case "delete_items":
      return slo.deletes ?? slo.write;
    case "mutate_items":
      return slo.lists ?? slo.write;
    case "put_items":
    case "stage_chunks":
      return slo.write;
    default:
      throw kind satisfies never;
  }
}
