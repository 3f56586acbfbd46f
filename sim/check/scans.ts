/**
 * Oracle for SCAN-1: a scan gives every item once, whatever segment and page it is on, however often the scan was
 * abandoned and resumed. That nothing is missing or outdated is judged by the oracle of reads.
 */
import type { History, Oracle, ScannedPageRecord, ScanRecord, Violation } from "./history.ts";

type Broken = Violation<"SCAN-1"> | undefined;

/** Judges every scan by itself. */
export const scansOracle: Oracle<"SCAN-1"> = {
  name: "scans",
  rules: ["SCAN-1"],
  check: ({ scans }: History) => {
    for (const scan of scans) {
      const violation = checkPages(scan) ?? checkItems(scan);
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
};

function checkPages({ operation, pages }: ScanRecord): Broken {
  const over = pages.find(({ items, bytes, budget }) => items.length > 1 && bytes > budget);
  if (over === undefined) return undefined;
  return broken(
    operation,
    `a page of a scan has ${over.bytes} bytes, wanted at most ${over.budget}`,
  );
}

/** Where a record's items have come to: its segment, its last key, the way they go, and whether others came after. */
type Standing = { segment: number; key: number; direction: number; isOver: boolean };

function checkItems({ operation, pages }: ScanRecord): Broken {
  const records = new Map<number, Standing>();
  const latest = new Map<number, Standing>();
  for (const page of pages) {
    const what = checkPage(page, records, latest);
    if (what !== undefined) return broken(operation, what);
  }
  return undefined;
}

function checkPage(
  { segment, items }: ScannedPageRecord,
  records: Map<number, Standing>,
  latest: Map<number, Standing>,
): string | undefined {
  for (const { record, item } of items) {
    if (record === -1) return "a scan gave an item of no record of its namespace";
    const known = records.get(record);
    const standing = known ?? { segment, key: item.key, direction: 0, isOver: false };
    if (known !== undefined) {
      const at = `key ${item.key} of record ${record}`;
      if (known.segment !== segment) return `${at} came in two segments of a scan`;
      if (known.isOver) return `${at} came after other records of its segment`;
      const direction = Math.sign(item.key - known.key);
      if (direction === 0) return `${at} came twice in a scan`;
      if (known.direction === -direction) return `${at} came out of order in a scan`;
      known.direction = direction;
      known.key = item.key;
      continue;
    }
    const before = latest.get(segment);
    if (before !== undefined) before.isOver = true;
    records.set(record, standing);
    latest.set(segment, standing);
  }
  return undefined;
}

function broken(operation: number, what: string): Violation<"SCAN-1"> {
  return { rule: "SCAN-1", what, operations: [operation] };
}
