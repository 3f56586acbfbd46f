/** What a put that needs staging may not be: chunks that no put will commit would lie there for hours (DATA-4). */
import { encodeMetadata } from "../codec/item-metadata.ts";
import type { NamespaceLimits } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import { checkId, checkKey, ITEMS_PER_REQUEST_MAX } from "../model/limits.ts";
import { sortedUniqueKeys } from "../model/predicate.ts";
import type { PutItem, PutItemsRequest } from "../model/request.ts";

/** Throws INVALID_ARGUMENT or TOO_LARGE for what every server would refuse. What only servers know is theirs to say. */
export function checkBeforeStaging(
  items: readonly PutItem[],
  { id, ifAbsent }: Pick<PutItemsRequest, "id" | "ifAbsent">,
  { maxValueBytes }: NamespaceLimits,
): void {
  checkId(id);
  const most = ifAbsent === true ? 1 : ITEMS_PER_REQUEST_MAX;
  if (items.length > most) {
    throw new KvError("INVALID_ARGUMENT", `put of ${items.length} items, wanted at most ${most}`);
  }
  for (const item of items) {
    checkKey(item.key);
    const bytes = Math.max(item.value.length, item.compression?.originalBytes ?? 0);
    if (bytes > maxValueBytes) {
      throw new KvError("TOO_LARGE", `value is ${bytes} bytes, wanted at most ${maxValueBytes}`);
    }
    encodeMetadata(item);
  }
  if (sortedUniqueKeys(items.map(({ key }) => key)).length < items.length) {
    throw new KvError("INVALID_ARGUMENT", "a key stands twice in one put, wanted each key once");
  }
}
