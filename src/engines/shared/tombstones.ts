/** Range tombstones, for engines that emulate range and record deletes by control rows. */
import { compareBytes } from "../../model/bytes.ts";
import { ALL_KEYS, inRange, type KeyRange } from "../../model/range.ts";
import { compareVersions, type Version } from "../../model/version.ts";
import type { Mutation } from "../../ports/storage-engine.ts";

/** "Every write to a key of `range` with a version at or below this one is gone" (DEL-4). */
export type RangeTombstone = { readonly range: KeyRange; readonly version: Version };

/** Whether a tombstone hides the write of `version` to `key`. Equal versions are hidden: a delete wins ties. */
export function isCovered(
  tombstones: readonly RangeTombstone[],
  key: Uint8Array,
  version: Version,
): boolean {
  for (const tombstone of tombstones) {
    if (compareVersions(version, tombstone.version) <= 0 && inRange(tombstone.range, key)) {
      return true;
    }
  }
  return false;
}

/** The tombstone that a record or range delete leaves. */
export function tombstoneOf(
  mutation: Extract<Mutation, { kind: "delete_range" | "delete_record" }>,
): RangeTombstone {
  const range = mutation.kind === "delete_range" ? mutation.range : ALL_KEYS;
  return { range, version: mutation.version };
}

/**
 * The tombstones with one more, less those that it makes needless: the same or a smaller range at an older or
 * equal version. The list itself when the new one is needless.
 */
export function withTombstone(
  tombstones: readonly RangeTombstone[],
  added: RangeTombstone,
): readonly RangeTombstone[] {
  if (tombstones.some((present) => subsumes(present, added))) return tombstones;
  return [...tombstones.filter((present) => !subsumes(added, present)), added];
}

function subsumes(outer: RangeTombstone, inner: RangeTombstone): boolean {
  return (
    compareVersions(outer.version, inner.version) >= 0 &&
    startsBefore(outer.range, inner.range) &&
    endsAfter(outer.range, inner.range)
  );
}

function startsBefore(outer: KeyRange, inner: KeyRange): boolean {
  if (outer.start === undefined || outer.start.length === 0) return true;
  return inner.start !== undefined && compareBytes(outer.start, inner.start) <= 0;
}

function endsAfter(outer: KeyRange, inner: KeyRange): boolean {
  if (outer.end === undefined) return true;
  return inner.end !== undefined && compareBytes(inner.end, outer.end) <= 0;
}
