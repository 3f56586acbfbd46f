import { KvError } from "../model/error.ts";
import type { ItemInput } from "../model/item.ts";
import { checkBytes, checkFields } from "../model/limits.ts";
import type { PutItem } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";

/** The item as it travels: time to live becomes an absolute expiry once, before the first attempt (TTL-2). */
export function toPutItem(item: ItemInput, token: IdempotencyToken): PutItem {
  checkFields("item", item);
  const { key, value, content, ttlMicros } = item;
  checkBytes("value", value);
  return { key, value, expiresAt: expiryOf(ttlMicros, token), content };
}

function expiryOf(ttl: Micros | undefined, token: IdempotencyToken): Micros | undefined {
  if (ttl === undefined) return undefined;
  if (!Number.isSafeInteger(ttl) || ttl <= 0) {
    throw new KvError("INVALID_ARGUMENT", `ttlMicros is ${ttl}, wanted whole microseconds > 0`);
  }
  return token.generationTime + ttl;
}
