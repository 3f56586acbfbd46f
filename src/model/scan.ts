/** Scans of whole namespaces (SCAN-1): how one is split, what is wanted of it, what it gives. */
import { KvError } from "./error.ts";
import type { Item } from "./item.ts";
import type { Selection } from "./selection.ts";

/** Most segments of one scan: the least that an engine splits a namespace into. */
export const SCAN_SEGMENTS_MAX = 256;

/** One of `of` parts of a namespace, 0 <= `index` < `of`: every record is in exactly one of them. */
export type ScanSegment = { readonly index: number; readonly of: number };

/** The whole. */
export const WHOLE_NAMESPACE: ScanSegment = { index: 0, of: 1 };

/** How much of the items a page of a scan has. There is no order to turn round, and no limit over all pages. */
export type ScanSelection = Pick<
  Selection,
  "pageSizeBytes" | "include" | "excludeValuesAboveBytes"
>;

/** An item with its record. */
export type ScannedItem = Item & { readonly id: string };

/** Throws INVALID_ARGUMENT unless a scan may be split into so many segments, at most `most`. */
export function checkSegmentCount(of: number, most: number = SCAN_SEGMENTS_MAX): void {
  if (Number.isSafeInteger(of) && of >= 1 && of <= most) return;
  const wanted = `wanted a whole number from 1 to ${most}`;
  throw new KvError("INVALID_ARGUMENT", `segments of a scan are ${of}, ${wanted}`);
}

/** Throws INVALID_ARGUMENT unless the segment is one of at most `most`. */
export function checkSegment({ index, of }: ScanSegment, most: number): void {
  checkSegmentCount(of, most);
  if (Number.isSafeInteger(index) && index >= 0 && index < of) return;
  const wanted = `wanted a whole number from 0 to ${of - 1}`;
  throw new KvError("INVALID_ARGUMENT", `segment is ${index} of ${of}, ${wanted}`);
}
