/** The control items of one record, as a sweep meets them. */
import { equalBytes } from "../../model/bytes.ts";
import type { Version } from "../../model/version.ts";
import { isCovered, type RangeTombstone, withTombstone } from "../shared/tombstones.ts";
import { bytesOf, type Item, SK } from "./attributes.ts";
import type { Removal } from "./clear.ts";
import { tombstoneOfControl } from "./controls.ts";
import { positionOf } from "./scan.ts";

/** What is known of a record's range deletions. */
export type KnownControls = {
  /** Takes a control item in; those that it, or one known before, makes needless, may be removed. */
  readonly add: (control: Item) => readonly Removal[];
  /** Whether one of them hides the write of `version` to `key`. */
  readonly cover: (row: { readonly key: Uint8Array; readonly version: Version }) => boolean;
};

/** Starts with these control items; none of them is taken for needless yet. */
export function knownControls(controls: readonly Item[]): KnownControls {
  let known = controls.map((item) => ({ item, tombstone: tombstoneOfControl(item) }));
  return {
    add: (item) => {
      const sortKey = bytesOf(item, SK);
      if (known.some((each) => equalBytes(bytesOf(each.item, SK), sortKey))) return [];
      const added = { item, tombstone: tombstoneOfControl(item) };
      const all = [...known, added];
      const kept = withTombstone(tombstonesOf(known), added.tombstone);
      known = all.filter(({ tombstone }) => kept.includes(tombstone));
      return all
        .filter(({ tombstone }) => !kept.includes(tombstone))
        .map(({ item, tombstone }) => ({
          position: positionOf(item),
          version: tombstone.version,
        }));
    },
    cover: ({ key, version }) => isCovered(tombstonesOf(known), key, version),
  };
}

function tombstonesOf(
  controls: readonly { readonly tombstone: RangeTombstone }[],
): readonly RangeTombstone[] {
  return controls.map(({ tombstone }) => tombstone);
}
