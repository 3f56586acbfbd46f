/** ScanItems: one page of a segment of a namespace (SCAN-1), bounded as a page of a record is (PAGE-1, PAGE-5, SLO-2). */
import { NO_CODECS } from "../codec/codec-parts.ts";
import { KvError } from "../model/error.ts";
import type { Item } from "../model/item.ts";
import type { ScanItemsRequest, ScanItemsResponse } from "../model/request.ts";
import { checkSegment, SCAN_SEGMENTS_MAX, type ScannedItem } from "../model/scan.ts";
import { type ResolvedSelection, resolveSelection, selectionFlaw } from "../model/selection.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { collectPage, isExpired, type PageStart, toItem } from "./collect-page.ts";
import type { ServerStats } from "./namespace-stats.ts";
import { openPageToken, sealPageToken, type Traversal } from "./page-seal.ts";
import { areReadable, readableValues } from "./readable-values.ts";
import { scanSource } from "./scan-source.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/** What scans work with beside what every API does: sizes and latencies of their own, since they read otherwise. */
export type ScanningParts = ServiceParts & { readonly scans: ServerStats };

/** Answers one page. The token says all that the next call needs: any server can go on (PAGE-3). */
export async function scanItems(
  request: ScanItemsRequest,
  namespace: Namespace,
  parts: ScanningParts,
  call: ServiceCall,
): Promise<ScanItemsResponse> {
  const { segment, capabilities: client } = request;
  const { scanSegmentsMax } = namespace.engine.capabilities;
  checkSegment(segment, Math.min(scanSegmentsMax, SCAN_SEGMENTS_MAX));
  const selection = checkedSelection(request);
  const traversal = { namespace: request.namespace, resolved: namespace.name, segment };
  const { env } = parts;
  const source = scanSource({
    namespace,
    segment,
    projection: selection.include === "items" ? "rows" : "keys",
    telemetry: env.telemetry,
  });
  const from = startOf(request, traversal, parts);
  const stats = parts.scans.of(namespace.name);
  const page = await collectPage({ source, selection, from, namespace, stats, env, call, client });
  // Those of a source whose rows have ids.
  const found = page.items as readonly ScannedItem[];
  const items = areReadable(found, client)
    ? found
    : await readable(found, request, selection, { namespace, parts, call });
  return { items, nextPageToken: page.next && sealPageToken(page.next, traversal, parts.mac) };
}

/** The items as this client can read them, record by record. */
async function readable(
  items: readonly ScannedItem[],
  { capabilities: client }: ScanItemsRequest,
  selection: ResolvedSelection,
  { namespace, parts, call }: { namespace: Namespace; parts: ServiceParts; call: ServiceCall },
): Promise<readonly ScannedItem[]> {
  const now = parts.env.clock.wall();
  const engine = engineCall(call, namespace.consistency, now);
  const { table } = namespace;
  const { codec = NO_CODECS } = parts;
  const scanned: ScannedItem[] = [];
  for (const item of items) {
    const { id } = item;
    const reread = async (key: Uint8Array): Promise<Item | undefined> => {
      const read = { table, id, keys: [key], projection: "rows" } as const;
      const [row] = (await namespace.engine.readKeys(read, engine)).rows;
      return row === undefined || isExpired(row, now) ? undefined : toItem(row, selection);
    };
    const work = { namespace, id, reread, call: engine, client, codec };
    for (const one of await readableValues([item], work)) scanned.push({ ...one, id });
  }
  return scanned;
}

function startOf(
  { pageToken }: ScanItemsRequest,
  traversal: Traversal,
  parts: ServiceParts,
): PageStart {
  if (pageToken !== undefined) return openPageToken(pageToken, traversal, parts.mac);
  return { after: undefined, itemsLeft: Number.MAX_SAFE_INTEGER, averageBytes: undefined };
}

/** Only what a scan has of a selection: the rest, from an untyped caller, would change what it gives. */
function checkedSelection({ selection: asked }: ScanItemsRequest): ResolvedSelection {
  const { pageSizeBytes, include, excludeValuesAboveBytes } = asked;
  const selection = resolveSelection({
    ...(pageSizeBytes === undefined ? {} : { pageSizeBytes }),
    ...(include === undefined ? {} : { include }),
    ...(excludeValuesAboveBytes === undefined ? {} : { excludeValuesAboveBytes }),
  });
  const flaw = selectionFlaw(selection);
  if (flaw !== undefined) throw new KvError("INVALID_ARGUMENT", `selection: ${flaw}`);
  return selection;
}
