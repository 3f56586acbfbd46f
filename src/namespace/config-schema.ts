/**
 * The shape of a namespace's configuration, in snake_case, as the posts print it, with our own fields beside
 * (NS-1). What it gives is typed; what it refuses, it refuses all at once (NS-2).
 */
import { z } from "zod";
import { BYTES_WANTED, DURATION_WANTED, parseBytes, parseDuration } from "./config-units.ts";
import { type RawNamespace, STORAGE_TYPES } from "./raw-namespace.ts";

/** Names of namespaces, aliases and tables: one letter shorter than tables may be for each of `_chunks`. */
const NAME = /^(?!kvdal_log$)[a-z][a-z0-9_]{2,40}$/;
/** What a name is wanted to look like, for messages. */
export const NAME_WANTED = "a lower-case word of 3 to 41 letters, digits and _, not kvdal_log";

const CACHE_TYPES = ["CACHE", "EVCACHE", "MEMCACHED", "MEMORY"] as const;

/** A value that `parse` understands, or the issue that `wanted` was wanted. */
function parsed<T>(parse: (value: unknown) => T | undefined, wanted: string): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    const result = value === undefined ? undefined : parse(value);
    if (result !== undefined) return result;
    context.issues.push({ code: "custom", message: wanted, input: value });
    return z.NEVER;
  });
}

/** A whole number; quoted ones are numbers too, as some posts print them. */
function whole(
  least: number,
  most: number,
  wanted = `a whole number from ${least} to ${most}`,
): z.ZodType<number> {
  return parsed((value) => {
    const text = typeof value === "number" ? String(value) : value;
    const number = typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : -1;
    return number >= least && number <= most ? number : undefined;
  }, wanted);
}

function matching(pattern: RegExp, wanted: string): z.ZodType<string> {
  return parsed(
    (value) => (typeof value === "string" && pattern.test(value) ? value : undefined),
    wanted,
  );
}

const duration = parsed(parseDuration, DURATION_WANTED);
const bytes = parsed(parseBytes, BYTES_WANTED);
const name = matching(NAME, NAME_WANTED);
const word = matching(/^\S{1,255}$/, "a word without spaces");
/** A share of calls: 0.01, or 1%; kept as millionths, exact. */
const share = parsed((value) => {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(String(value));
  const millionths = match === null ? -1 : Number(match[1]) * (match[2] === "%" ? 1e4 : 1e6);
  return millionths >= 0 && millionths <= 1e6 ? Math.round(millionths) : undefined;
}, "a share of calls such as 0.01 or 1%");

const consistency = z.strictObject({
  consistency_scope: z.enum(["LOCAL", "GLOBAL"]).optional(),
  consistency_target: z.enum(["READ_YOUR_WRITES", "EVENTUAL"]).optional(),
});

const place = { cluster: word, dataset: word.optional(), regions: z.array(word).optional() };
const storage = { type: z.enum(STORAGE_TYPES), ...place, table: word.optional() };

const primaryTier = z.strictObject({
  id: z.literal("PRIMARY_STORAGE"),
  physical_storage: z.strictObject({ ...storage, config: consistency.optional() }),
  config: consistency.optional(),
});

const cacheConfig = z.strictObject({ default_cache_ttl: duration.optional() });
const cacheTier = z.strictObject({
  id: z.literal("CACHE"),
  physical_storage: z.strictObject({
    type: z.enum(CACHE_TYPES),
    ...place,
    config: cacheConfig.optional(),
  }),
  config: cacheConfig.optional(),
});

const chunkTier = z.strictObject({
  id: z.literal("CHUNK_STORAGE"),
  physical_storage: z.strictObject(storage),
});

const shadowConfig = z.strictObject({
  write: z.boolean().optional(),
  wait: duration.optional(),
  read: share.optional(),
});
const shadowTier = z.strictObject({
  id: z.literal("SHADOW_STORAGE"),
  physical_storage: z.strictObject({ ...storage, config: shadowConfig.optional() }),
  config: shadowConfig.optional(),
});

const slo = z.strictObject({
  latency: z.strictObject({ target: duration, max: duration }),
});

/** One namespace. */
export const namespaceSchema: z.ZodType<RawNamespace> = z.strictObject({
  name: name.optional(),
  aliases: z.array(name).optional(),
  persistence_configuration: z.array(
    z.discriminatedUnion("id", [primaryTier, cacheTier, chunkTier, shadowTier]),
  ),
  slos: z
    .strictObject({
      put_items: slo.optional(),
      get_items: slo.optional(),
      delete_items: slo.optional(),
      mutate_items: slo.optional(),
      scan_items: slo.optional(),
    })
    .optional(),
  lifecycle: z
    .strictObject({
      default_ttl: duration.optional(),
      retention: duration.optional(),
      longest_apply: duration.optional(),
      delete_jitter: duration.optional(),
    })
    .optional(),
  order: z.enum(["ascending", "descending"]).optional(),
  max_value_bytes: bytes.optional(),
  rows_per_call_max: whole(1, 1_000_000).optional(),
  tokens: z
    .strictObject({ max_age: duration.optional(), max_drift: duration.optional() })
    .optional(),
  chunking: z
    .strictObject({
      above_bytes: bytes.optional(),
      chunk_bytes: bytes.optional(),
      grace: duration.optional(),
      whole_bytes_max: bytes.optional(),
    })
    .optional(),
  compression: z
    .strictObject({
      codec: z.enum(["zstd", "lz4", "none"]).optional(),
      min_bytes: bytes.optional(),
      dictionary: word.optional(),
    })
    .optional(),
});

/** Whether a text may be the name of a namespace or of its table. */
export function isNamespaceName(text: string): boolean {
  return NAME.test(text);
}
