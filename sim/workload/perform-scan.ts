/** Carries out a scan, abandoned and resumed as its plan says, and when a page of it fails. */
import { type CallOptions, KvError, type ScanCheckpoint, type ScannedPage } from "kvdal";
import type { KvClient } from "kvdal/client";
import type { ScannedPageRecord } from "../check/history.ts";
import type { ScanStop } from "../world/world.ts";
import { ALIAS, NAMESPACE } from "./namespace-plan.ts";
import type { Operation } from "./operation.ts";
import type { Task } from "./perform.ts";
import { seen } from "./seen.ts";

type ScanOperation = Extract<Operation, { kind: "scan" }>;

/** Rejects as the last of the scan's parts does. */
export async function performScan(
  client: KvClient,
  operation: ScanOperation,
  task: Task,
  options: CallOptions | undefined,
): Promise<void> {
  const { segments, concurrency, pageBytes, byAlias } = operation;
  const how = { concurrency, selection: { pageSizeBytes: pageBytes } };
  const namespace = byAlias ? ALIAS : NAMESPACE;
  const pages: ScannedPageRecord[] = [];
  const stops: ScanStop[] = [];
  Object.assign(task.open, { scanned: pages, stops });
  let from: ScanCheckpoint | undefined;
  for (let part = 0; ; part += 1) {
    const input = from === undefined ? { namespace, segments, ...how } : { from, ...how };
    const before = pages.length;
    let left = operation.stops[part] ?? Number.POSITIVE_INFINITY;
    try {
      for await (const page of client.scan(input, options)) {
        pages.push(recordOf(page, pageBytes, task));
        from = page.checkpoint;
        left -= 1;
        if (left === 0) break;
        if (operation.pause > 0) await task.wait(operation.pause);
      }
      if (left > 0) return;
      stops.push({ pages: pages.length - before, code: undefined });
    } catch (error) {
      const goesOn =
        error instanceof KvError && error.retry !== "never" && part < operation.stops.length;
      if (!goesOn) throw error;
      stops.push({ pages: pages.length - before, code: error.code });
    }
  }
}

function recordOf(page: ScannedPage, budget: number, task: Task): ScannedPageRecord {
  let bytes = 0;
  const items = page.items.map((item) => {
    bytes += item.id.length + item.key.length + item.value.length;
    return { record: task.recordOf(item.id), item: seen(item, task.keys) };
  });
  return { segment: page.segment, bytes, budget, items };
}
