/** What every cache adapter asks before it does anything. */
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import type { CacheCall } from "../../ports/cache-engine.ts";
import type { Clock } from "../../ports/clock.ts";

/** Longest key of the cache port, bytes. */
export const CACHE_KEY_BYTES_MAX = 4096;

/** Throws DEADLINE_EXCEEDED, with nothing done, when the call's time is over. */
export function checkCacheCall(call: CacheCall, clock: Clock): void {
  const late = clock.monotonic() - call.deadline;
  if (late < 0) return;
  const message = `the deadline passed ${late} µs ago`;
  throw new KvError("DEADLINE_EXCEEDED", message, { applied: "no" });
}

/** Throws INVALID_ARGUMENT unless the key has 1 to 4096 bytes. */
export function checkCacheKey(key: Uint8Array): void {
  if (key.length >= 1 && key.length <= CACHE_KEY_BYTES_MAX) return;
  const wanted = `wanted 1 to ${CACHE_KEY_BYTES_MAX}`;
  throw new KvError("INVALID_ARGUMENT", `cache key is ${key.length} bytes, ${wanted}`);
}

/** Throws INVALID_ARGUMENT unless the entry is to live for some time: no cache may take 0 for "for ever". */
export function checkTtl(ttl: Micros): void {
  if (ttl > 0) return;
  throw new KvError("INVALID_ARGUMENT", `time to live is ${ttl} µs, wanted more than 0`);
}
