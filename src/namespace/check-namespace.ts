/** What a namespace may not be (NS-2, DEL-5, TTL-3, CONS-1). */
import type { CompressionPolicy } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import { TTL_MAX } from "../model/limits.ts";
import { DAY, type Micros, SECOND } from "../model/time.ts";
import { isWhole, refuse } from "./check-field.ts";
import type { Namespace } from "./namespace.ts";

/** The least of a longest asynchronous apply, which retention must cover beside the acceptance window (DEL-5). */
export const APPLY_LEAST: Micros = 60 * SECOND;
/**
 * Longest retention and longest jitter. A marker's time is now and both: with them unbounded it would pass the largest
 * exact number, and a retention past what an engine counts would come out short.
 */
const KEPT_MAX: Micros = 3650 * DAY;
/** Leaves room for the ending of the chunk table's name, and keeps off the log's (`log-store.ts`). */
const NAME = /^(?!kvdal_log$)[a-z][a-z0-9_]{2,40}$/;

const NAME_WANTED = "a lower-case word of 3 to 41 letters, digits and _, not kvdal_log";

/** Throws INVALID_ARGUMENT for a field out of bounds, UNSUPPORTED for what the engine declares it cannot do. */
export function checkNamespace(namespace: Namespace): void {
  const { name, table, engine, consistency, limits } = namespace;
  const can = engine.capabilities;
  for (const [field, word] of Object.entries({ name, table })) {
    if (!NAME.test(word)) refuse(field, word, NAME_WANTED);
  }
  if (!can.consistency.includes(consistency)) {
    const wanted = `one of ${can.consistency.join(", ")}, which is what ${can.engine} can give`;
    throw new KvError("UNSUPPORTED", `consistency is ${consistency}, wanted ${wanted}`);
  }
  if (!isWhole(limits.maxValueBytes, 0)) {
    refuse("maxValueBytes", limits.maxValueBytes, "a whole number of bytes");
  }
  checkTimes(namespace);
  checkDefaultTtl(namespace);
  checkCompression(limits.compression);
  if (!isWhole(namespace.deleteJitter, 0) || namespace.deleteJitter > KEPT_MAX) {
    const wanted = `whole microseconds, 0 to ten years = ${KEPT_MAX}`;
    refuse("deleteJitterMicros", namespace.deleteJitter, wanted);
  }
  if (!isWhole(namespace.rowsPerCallMax, 1)) {
    refuse("rowsPerCallMax", namespace.rowsPerCallMax, "a whole number from 1 on");
  }
}

/** Deletion knowledge must outlive whatever could still arrive (DEL-5). */
function checkTimes({ tokens, retention, applyMax }: Namespace): void {
  if (!isWhole(tokens.maxAge, 0)) refuse("tokens.maxAge", tokens.maxAge, "whole microseconds >= 0");
  if (!isWhole(tokens.maxDrift, 0)) {
    refuse("tokens.maxDrift", tokens.maxDrift, "whole microseconds >= 0");
  }
  if (!isWhole(applyMax, APPLY_LEAST)) {
    refuse("applyMicrosMax", applyMax, `a minute at least = ${APPLY_LEAST}`);
  }
  const least = tokens.maxAge + tokens.maxDrift + applyMax;
  if (!isWhole(retention, least)) {
    const longest = applyMax === APPLY_LEAST ? "a minute" : "applyMicrosMax";
    const wanted = `at least maxAge + maxDrift + ${longest} = ${least} (DEL-5)`;
    refuse("retentionMicros", retention, wanted);
  }
  if (retention > KEPT_MAX) {
    refuse("retentionMicros", retention, `at most ten years = ${KEPT_MAX}`);
  }
}

function checkCompression({ codec, level, minBytes }: CompressionPolicy): void {
  if (codec !== "zstd" && codec !== "lz4" && codec !== "none") {
    refuse("compression.codec", String(codec), "zstd, lz4 or none");
  }
  if (level !== undefined && (!isWhole(level, 1) || level > 19)) {
    refuse("compression.level", level, "a whole number from 1 to 19");
  }
  if (minBytes !== undefined && !isWhole(minBytes, 0)) {
    refuse("compression.minBytes", minBytes, "a whole number of bytes");
  }
}

/** A longer one would have every put refused; one at the very limit, those of clients whose clock is ahead. */
function checkDefaultTtl({ defaultTtl, engine, tokens }: Namespace): void {
  const most = Math.min(TTL_MAX, engine.capabilities.ttl.max) - tokens.maxDrift;
  if (defaultTtl === undefined || (isWhole(defaultTtl, 1) && defaultTtl <= most)) return;
  refuse("defaultTtlMicros", defaultTtl, `whole microseconds, 1 to ${most} (TTL-3)`);
}
