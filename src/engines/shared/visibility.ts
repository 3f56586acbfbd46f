/** Which stored rows a reader may see. */
import type { Micros } from "../../model/time.ts";
import { RANK_DELETE, type Version } from "../../model/version.ts";
import { isCovered, type RangeTombstone } from "./tombstones.ts";

/** Whether the row of `version` at `key` is there for a reader whose wall clock says `now` (GET-5, TTL-1). */
export function isLive(
  key: Uint8Array,
  version: Version,
  tombstones: readonly RangeTombstone[],
  now: Micros,
): boolean {
  return (
    version.rank !== RANK_DELETE &&
    (version.expiry === 0 || version.expiry > now) &&
    (tombstones.length === 0 || !isCovered(tombstones, key, version))
  );
}
