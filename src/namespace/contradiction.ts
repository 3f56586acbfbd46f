/** Changes of a namespace that contradict what is stored (NS-5). */
import { DAY, HOUR, type Micros, MINUTE, SECOND } from "../model/time.ts";
import { durationText } from "./config-units.ts";
import type { NamespaceConfig, StorageTier } from "./namespace-config.ts";
import type { NamespaceOptions } from "./namespace.ts";
import { isSamePlace } from "./type-namespace.ts";

/** Why `next` cannot take the place of `present` while its data are as they are; undefined when it can. */
export function contradiction(present: NamespaceConfig, next: NamespaceConfig): string | undefined {
  return (
    orderFlaw(present.options, next.options) ??
    placeFlaw(present, next) ??
    chunksFlaw(present.chunks, next.chunks) ??
    retentionFlaw(present.options, next.options)
  );
}

function orderFlaw(present: NamespaceOptions, next: NamespaceOptions): string | undefined {
  if (present.descending === next.descending) return undefined;
  const word = ({ descending }: NamespaceOptions): string =>
    descending === true ? "descending" : "ascending";
  return `order is ${word(next)}, wanted ${word(present)}: its rows lie that way`;
}

/** Data move by a shadow: written to for as long as it takes to fill it, then made the primary. */
function placeFlaw(present: NamespaceConfig, next: NamespaceConfig): string | undefined {
  const { primary, shadow } = present;
  if (isSamePlace(primary, next.primary)) {
    if (primary.type === next.primary.type) return undefined;
    return `type of the primary is ${next.primary.type}, wanted ${primary.type}: its data lie there`;
  }
  if (shadow?.write === true && isSamePlace(shadow, next.primary)) return undefined;
  const wanted = `${where(primary)}, where its data lie, or a place that it has had a SHADOW_STORAGE at`;
  return `primary is ${where(next.primary)}, wanted ${wanted}`;
}

function chunksFlaw(
  present: StorageTier | undefined,
  next: StorageTier | undefined,
): string | undefined {
  if (present === undefined && next === undefined) return undefined;
  if (present !== undefined && next !== undefined && isSamePlace(present, next)) return undefined;
  const named = (tier: StorageTier | undefined): string =>
    tier === undefined ? "beside the primary" : `at ${where(tier)}`;
  return `CHUNK_STORAGE is ${named(next)}, wanted ${named(present)}, where its chunks lie`;
}

/** Writes of the present window may still be on their way, also at servers that have not heard of the change. */
function retentionFlaw(present: NamespaceOptions, next: NamespaceOptions): string | undefined {
  const { retentionMicros: retention = DAY } = next;
  const least = windowOf(present) + MINUTE;
  if (retention >= least) return undefined;
  const found = `lifecycle.retention is ${durationText(retention)}`;
  return `${found}, wanted at least ${durationText(least)}: writes of the present token window may arrive that late`;
}

function windowOf({ tokens = {} }: NamespaceOptions): Micros {
  return (tokens.maxAge ?? HOUR) + (tokens.maxDrift ?? 5 * SECOND);
}

function where({ cluster, dataset, table }: StorageTier): string {
  return `${dataset === undefined ? cluster : `${cluster}/${dataset}`}.${table}`;
}
