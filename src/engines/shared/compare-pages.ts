/** Whether two engines give the same answer, as far as both have answered. */
import { compareBytes, equalBytes, toHex } from "../../model/bytes.ts";
import { type Micros } from "../../model/time.ts";
import { compareVersions } from "../../model/version.ts";
import type { Row, RowsPage } from "../../ports/storage-engine.ts";

/**
 * The first difference between the live rows of two answers to one read, in words; undefined when there is none.
 * Pages may end at different rows, by bytes here and by count there: what only one of the two covers is not judged.
 */
export function pageDifference(
  primary: RowsPage,
  shadow: RowsPage,
  reverse: boolean,
  now: Micros,
): string | undefined {
  const direction = reverse ? -1 : 1;
  const order = (a: Uint8Array, b: Uint8Array): number => compareBytes(a, b) * direction;
  const ends = [primary.resumeAfter, shadow.resumeAfter].filter((end) => end !== undefined);
  const [end] = ends.toSorted(order);
  const judged = ({ rows }: RowsPage): readonly Row[] =>
    rows.filter(
      ({ key, version }) =>
        (end === undefined || order(key, end) <= 0) &&
        (version.expiry === 0 || version.expiry > now),
    );
  const [wanted, found] = [judged(primary), judged(shadow)];
  for (let at = 0; at < Math.max(wanted.length, found.length); at += 1) {
    const difference = rowDifference(wanted[at], found[at], order);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function rowDifference(
  wanted: Row | undefined,
  found: Row | undefined,
  order: (a: Uint8Array, b: Uint8Array) => number,
): string | undefined {
  if (wanted === undefined || (found !== undefined && order(found.key, wanted.key) < 0)) {
    return found === undefined ? undefined : `key 0x${toHex(found.key)} is in the shadow alone`;
  }
  const key = `key 0x${toHex(wanted.key)}`;
  const isMissing = found === undefined || order(wanted.key, found.key) < 0;
  if (isMissing) return `${key} is missing in the shadow`;
  const versions = compareVersions(found.version, wanted.version);
  if (versions !== 0) return `${key} is ${versions < 0 ? "older" : "newer"} in the shadow`;
  const same = equalBytes(wanted.value, found.value) && equalBytes(wanted.metadata, found.metadata);
  return same ? undefined : `${key} has other bytes in the shadow`;
}
