/** GetItems: one page of the items that match (GET-1 to GET-6, PAGE-1 to PAGE-5, SLO-2). */
import { NO_CODECS } from "../codec/codec-parts.ts";
import { KvError } from "../model/error.ts";
import type { Item } from "../model/item.ts";
import {
  checkFields,
  checkId,
  checkKey,
  checkList,
  checkRange,
  ITEMS_PER_REQUEST_MAX,
} from "../model/limits.ts";
import { type Predicate, sortedUniqueKeys, unknownPredicate } from "../model/predicate.ts";
import { ALL_KEYS } from "../model/range.ts";
import type { GetItemsRequest, GetItemsResponse } from "../model/request.ts";
import { type ResolvedSelection, resolveSelection, selectionFlaw } from "../model/selection.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { isAskedAgain } from "../policy/short-page.ts";
import { collectPage, isExpired, type PageStart, toItem } from "./collect-page.ts";
import type { ServerStats } from "./namespace-stats.ts";
import { openPageToken, sealPageToken, type Traversal } from "./page-seal.ts";
import { keysSource, type PageSource, rangeSource, type SourceParts } from "./page-source.ts";
import { areReadable, readableValues } from "./readable-values.ts";
import { engineCall, type ServiceCall, type ServiceParts } from "./service-parts.ts";

/** What reads work with beside what every API does. */
export type ReadParts = ServiceParts & { readonly stats: ServerStats };

/** Answers one page. The token says all that the next call needs: any server can go on (PAGE-3). */
export async function getItems(
  request: GetItemsRequest,
  namespace: Namespace,
  parts: ReadParts,
  call: ServiceCall,
): Promise<GetItemsResponse> {
  checkId(request.id);
  checkFields("predicate", request.predicate);
  const selection = checkedSelection(request);
  const reverse = selection.reverse !== namespace.descending;
  const traversal: Traversal = {
    namespace: request.namespace,
    resolved: namespace.name,
    id: request.id,
    predicate: request.predicate,
    reverse: selection.reverse,
  };
  const from = startOf(request, selection, traversal, parts);
  const source = sourceOf(request.predicate, {
    namespace,
    id: request.id,
    reverse,
    projection: selection.include === "items" ? "rows" : "keys",
  });
  const { env } = parts;
  const stats = parts.stats.of(namespace.name);
  const client = request.capabilities;
  const isCounted = from.itemsLeft < Number.MAX_SAFE_INTEGER;
  for (let round = 1; ; round += 1) {
    const page = await collectPage({
      source,
      selection,
      from,
      namespace,
      stats,
      env,
      call,
      client,
    });
    const items = areReadable(page.items, client)
      ? page.items
      : await readable(page.items, request, selection, { namespace, parts, call });
    const counts = { found: page.items.length, arrived: items.length, isCounted, round };
    if (isAskedAgain(counts)) continue;
    const nextPageToken = page.next && sealPageToken(page.next, traversal, parts.mac);
    return { items, nextPageToken };
  }
}

/** The items as this client can read them. */
function readable(
  items: readonly Item[],
  { id, capabilities }: GetItemsRequest,
  selection: ResolvedSelection,
  { namespace, parts, call }: { namespace: Namespace; parts: ServiceParts; call: ServiceCall },
): Promise<readonly Item[]> {
  const now = parts.env.clock.wall();
  const engine = engineCall(call, namespace.consistency, now);
  const { table } = namespace;
  const reread = async (key: Uint8Array): Promise<Item | undefined> => {
    const read = { table, id, keys: [key], projection: "rows" } as const;
    const [row] = (await namespace.engine.readKeys(read, engine)).rows;
    return row === undefined || isExpired(row, now) ? undefined : toItem(row, selection);
  };
  const { codec = NO_CODECS } = parts;
  const work = { namespace, id, reread, call: engine, client: capabilities, codec };
  return readableValues(items, work);
}

/** Where this page begins: the token's position, or the beginning with all of the caller's limits. */
function startOf(
  request: GetItemsRequest,
  selection: ResolvedSelection,
  traversal: Traversal,
  parts: ServiceParts,
): PageStart {
  if (request.pageToken !== undefined) {
    return openPageToken(request.pageToken, traversal, parts.mac);
  }
  return { after: undefined, itemsLeft: selection.itemLimit, averageBytes: undefined };
}

function checkedSelection(request: GetItemsRequest): ResolvedSelection {
  const selection = resolveSelection(request.selection);
  const flaw = selectionFlaw(selection);
  if (flaw !== undefined) throw new KvError("INVALID_ARGUMENT", `selection: ${flaw}`);
  return selection;
}

function sourceOf(predicate: Predicate, parts: SourceParts): PageSource {
  switch (predicate.kind) {
    case "match_all":
      return rangeSource(ALL_KEYS, parts);
    case "match_range":
      checkRange(predicate.range);
      return rangeSource(predicate.range, parts);
    case "match_keys":
      checkList("keys", predicate.keys);
      if (predicate.keys.length > ITEMS_PER_REQUEST_MAX) {
        throw new KvError(
          "INVALID_ARGUMENT",
          `read of ${predicate.keys.length} keys, wanted at most ${ITEMS_PER_REQUEST_MAX}`,
        );
      }
      for (const key of predicate.keys) checkKey(key);
      return keysSource(sortedUniqueKeys(predicate.keys), parts);
    default:
      throw unknownPredicate(predicate);
  }
}
