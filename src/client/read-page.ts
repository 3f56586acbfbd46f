/** One page of a record, its values fetched and decoded. */
import type { GetItemsRequest } from "../model/request.ts";
import { isAskedAgain } from "../policy/short-page.ts";
import type { GetItemsResult } from "./inputs.ts";
import { arrivedItems, haveArrived, type ValueParts } from "./values.ts";

/** Asks for the page, and again when items that it counts went away before their values came (PAGE-2). */
export async function readPage(
  request: GetItemsRequest,
  parts: ValueParts,
): Promise<GetItemsResult> {
  // What a token has left of a limit only the server knows.
  const isCounted = request.selection.itemLimit !== undefined || request.pageToken !== undefined;
  for (let round = 1; ; round += 1) {
    const { items: found, nextPageToken, server } = await parts.send(request);
    if (haveArrived(found)) return { items: found, nextPageToken };
    const items = await arrivedItems(found, { request, server }, parts);
    const page = { found: found.length, arrived: items.length, isCounted, round };
    if (!isAskedAgain(page)) return { items, nextPageToken };
  }
}
