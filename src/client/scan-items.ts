/** One page of a scan, with its values fetched and decoded record by record, as those of a record's page are. */
import type { ServerFacts } from "../model/capabilities.ts";
import { matchAll } from "../model/predicate.ts";
import type { ScanItemsRequest } from "../model/request.ts";
import { type ScannedItem, WHOLE_NAMESPACE } from "../model/scan.ts";
import type { ScanItemsInput, ScanItemsResult } from "./inputs.ts";
import { arrivedItems, haveArrived, type ValueParts } from "./values.ts";

/** Asks for the page. */
export async function scanItems(
  { namespace, segment = WHOLE_NAMESPACE, selection = {}, pageToken }: ScanItemsInput,
  parts: ValueParts,
): Promise<ScanItemsResult> {
  const { capabilities } = parts;
  const page = { namespace, segment, selection, pageToken, capabilities };
  const request: ScanItemsRequest = { kind: "scan_items", ...page };
  const { items, nextPageToken, server } = await parts.send(request);
  if (haveArrived(items)) return { items, nextPageToken };
  return { items: await arrivedScanned(items, request, server, parts), nextPageToken };
}

/** The items with their values as they were put. */
async function arrivedScanned(
  items: readonly ScannedItem[],
  { selection, capabilities }: ScanItemsRequest,
  server: ServerFacts,
  parts: ValueParts,
): Promise<readonly ScannedItem[]> {
  if (haveArrived(items)) return items;
  const { namespace } = server;
  const read = { kind: "get_items", namespace, predicate: matchAll, selection } as const;
  const arrived: ScannedItem[] = [];
  for (const [id, own] of byRecord(items)) {
    const origin = { request: { ...read, id, capabilities }, server };
    for (const item of await arrivedItems(own, origin, parts)) arrived.push({ ...item, id });
  }
  return arrived;
}

/** Items of one record come together. */
function byRecord(items: readonly ScannedItem[]): readonly (readonly [string, ScannedItem[]])[] {
  const records: [string, ScannedItem[]][] = [];
  for (const item of items) {
    const last = records.at(-1);
    if (last?.[0] === item.id) last[1].push(item);
    else records.push([item.id, [item]]);
  }
  return records;
}
