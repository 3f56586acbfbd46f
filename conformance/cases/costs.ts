/** What calls cost: as much in a large record as in a small one (DATA-7, DEL-1, DEL-2). */
import { itemBytes, matchKeys } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { holds, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { ENGINE_WATCH, PAGES_BY_BYTES } from "../kit/need.ts";
import { rangeOf, type RecordHandle } from "../kit/record.ts";
import type { SeenCall } from "../kit/watch-engine.ts";

const SMALL = 20;
const LARGE = 2_000;

async function fill(
  record: RecordHandle,
  count: number,
  most: number,
  valueBytes = 1,
): Promise<void> {
  const items = Array.from({ length: count }, (_, i) => ({
    key: toBytes(numbered("k", i)),
    value: patterned(valueBytes, i),
  }));
  for (let at = 0; at < count; at += most) {
    await record.putItems(items.slice(at, at + most), { at: 0 });
  }
}

/** One of each call, whose answers do not depend on how many items come after the first few. */
const CALLS: Readonly<Record<string, (record: RecordHandle) => Promise<unknown>>> = {
  "a read of keys": (record) =>
    record.page({ predicate: matchKeys(toBytes(numbered("k", 3)), toBytes(numbered("k", 7))) }),
  "a page": (record) => record.page({ selection: { pageSizeBytes: 80 } }),
  "a page of a range": (record) =>
    record.page({ predicate: rangeOf(numbered("k", 5), numbered("k", 10)) }),
  "a page in reverse": (record) => record.page({ selection: { pageSizeBytes: 80, reverse: true } }),
  "a put": (record) => record.put(numbered("k", 4), "w", { at: 1 }),
  "a deletion of a key": (record) => record.deleteKeys([numbered("k", 4)], { at: 2 }),
  "a deletion of a range": (record) => record.deleteRange(numbered("k", 1), undefined, { at: 3 }),
  "a deletion of the record": (record) => record.deleteAll({ at: 4 }),
};

/** Calls of the engine, rows that it looked at, changes that it was sent. */
function costOf(
  calls: readonly SeenCall[],
): readonly [calls: number, rows: number, writes: number] {
  const sum = (of: (call: SeenCall) => number): number =>
    calls.reduce((total, call) => total + of(call), 0);
  return [calls.length, sum((call) => call.rowsExamined), sum((call) => call.mutations.length)];
}

/** Cases of this topic. */
export const costCases: readonly ConformanceCase[] = [
  {
    id: "pages/engine-reads",
    rules: ["PAGE-6"],
    title: "Once sizes are known, little is read in vain, and a page takes few reads.",
    needs: [ENGINE_WATCH],
    namespaces: { main: INLINE },
    run: async ({ record, engine, capabilities }) => {
      const most = Math.min(100, capabilities.mutationsPerWriteMax);
      await fill(record("r"), 300, most, 1024);
      const wish = { selection: { pageSizeBytes: 32 * 1024 } };
      await record("r").read(wish);
      const before = engine.calls.length;
      const pages = await record("r").pages(wish);
      const items = pages.flatMap((page) => page.items);
      same("all items", items.length, 300);
      const reads = engine.calls.slice(before);
      const returned = items.reduce((sum, item) => sum + itemBytes(item), 0);
      const read = reads.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
      holds("bytes read", read <= 1.2 * returned, read, `at most 1.2 × ${returned}`);
      const native = Math.ceil(wish.selection.pageSizeBytes / capabilities.nativePageBytesMax);
      const mostReads = pages.length * (1 + Math.max(1, native));
      holds("reads of the engine", reads.length <= mostReads, reads.length, `at most ${mostReads}`);
    },
  },
  {
    id: "pages/bytes-of-a-read",
    rules: ["PAGE-6"],
    title: "Where the engine pages by bytes, a read ends with the row that fills the page.",
    needs: [ENGINE_WATCH, PAGES_BY_BYTES],
    namespaces: { main: INLINE },
    run: async ({ record, engine, capabilities }) => {
      const row = 4096;
      await fill(record("r"), 60, Math.min(60, capabilities.mutationsPerWriteMax), row);
      for (const reverse of [false, true]) {
        const before = engine.calls.length;
        const pages = await record("r").pages({ selection: { pageSizeBytes: row, reverse } });
        same("items", pages.flatMap(({ items }) => items).length, 60);
        const read = Math.max(...engine.calls.slice(before).map(({ bytesRead }) => bytesRead));
        const most = row + row + numbered("k", 0).length * 2;
        holds(`bytes of a read, reverse: ${reverse}`, read <= most, read, `at most ${most}`);
      }
    },
  },
  {
    id: "costs/size-of-record",
    rules: ["DATA-7", "DEL-1", "DEL-2"],
    title: "No call makes more of the engine in a record a hundred times as large.",
    needs: [ENGINE_WATCH],
    run: async ({ capabilities, engine, record }) => {
      const most = Math.min(1000, capabilities.mutationsPerWriteMax);
      await fill(record("small"), SMALL, most);
      await fill(record("large"), LARGE, most);
      for (const [what, call] of Object.entries(CALLS)) {
        const costs = [];
        for (const id of ["small", "large"]) {
          const before = engine.calls.length;
          await call(record(id));
          costs.push(costOf(engine.calls.slice(before)));
        }
        same(`${what}: engine calls, rows looked at, changes`, costs[1], costs[0]);
      }
    },
  },
];
