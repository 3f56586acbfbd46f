/** What a namespace may not be (NS-2, DEL-5, TTL-3, CONS-1). */
import type { CompressionPolicy } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import { TTL_MAX } from "../model/limits.ts";
import { DAY, type Micros, SECOND } from "../model/time.ts";
import { isWhole, refuse } from "./check-field.ts";
import type { Namespace } from "./namespace.ts";

/** Longest asynchronous apply that retention must cover beside the acceptance window (DEL-5). */
const APPLY_SLACK: Micros = 60 * SECOND;
/**
 * Longest retention and longest jitter. A marker's time is now and both: with them unbounded it would pass the largest
 * exact number, and a retention past what an engine counts would come out short.
 */
const KEPT_MAX: Micros = 3650 * DAY;
/** Leaves room for the ending of the chunk table's name. */
const NAME = /^[a-z][a-z0-9_]{2,40}$/;

/** Throws INVALID_ARGUMENT for a field out of bounds, UNSUPPORTED for what the engine declares it cannot do. */
export function checkNamespace(namespace: Namespace): void {
  const { name, table, engine, consistency, limits, retention, tokens } = namespace;
  const can = engine.capabilities;
  for (const [field, word] of Object.entries({ name, table })) {
    if (!NAME.test(word)) refuse(field, word, "a lower-case word of 3 to 41 letters, digits and _");
  }
  if (!can.consistency.includes(consistency)) {
    const wanted = `one of ${can.consistency.join(", ")}, which is what ${can.engine} can give`;
    throw new KvError("UNSUPPORTED", `consistency is ${consistency}, wanted ${wanted}`);
  }
  if (!isWhole(limits.maxValueBytes, 0)) {
    refuse("maxValueBytes", limits.maxValueBytes, "a whole number of bytes");
  }
  const least = tokens.maxAge + tokens.maxDrift + APPLY_SLACK;
  if (!isWhole(tokens.maxAge, 0)) refuse("tokens.maxAge", tokens.maxAge, "whole microseconds >= 0");
  if (!isWhole(tokens.maxDrift, 0)) {
    refuse("tokens.maxDrift", tokens.maxDrift, "whole microseconds >= 0");
  }
  if (!isWhole(retention, least)) {
    refuse(
      "retentionMicros",
      retention,
      `at least maxAge + maxDrift + a minute = ${least} (DEL-5)`,
    );
  }
  if (retention > KEPT_MAX) {
    refuse("retentionMicros", retention, `at most ten years = ${KEPT_MAX}`);
  }
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
