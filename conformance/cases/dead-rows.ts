/** Long runs of dead rows cost bounded calls, and the traversal gets past them (PAGE-4, PAGE-5). */
import { SECOND, toHex } from "kvdal";
import { numbered, toBytes } from "../kit/bytes.ts";
import { holds, keysAre, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import type { ReadWish, RecordHandle } from "../kit/record.ts";

const ROWS_PER_CALL = 50;
const DEAD = 400;
const DEAD_KEYS: readonly string[] = Array.from({ length: DEAD }, (_, i) => numbered("k", i));

/** Puts the rows that are to die, and one at either end that is not. */
async function fill(record: RecordHandle, ttl?: number): Promise<void> {
  for (let i = 0; i < DEAD; i += 100) {
    const items = DEAD_KEYS.slice(i, i + 100).map((key) => ({
      key: toBytes(key),
      value: toBytes("v"),
      ...(ttl === undefined ? {} : { ttlMicros: ttl }),
    }));
    await record.putItems(items, { at: 0 });
  }
  await record.put("a", "first", { at: 0 });
  await record.put("z", "last", { at: 0 });
}

/** Reads all pages both ways: the two live items, few pages, and a new token on each. */
async function passes(record: RecordHandle): Promise<readonly number[]> {
  const counts = [];
  for (const reverse of [false, true]) {
    const wish: ReadWish = { selection: { reverse } };
    const pages = await record.pages(wish);
    const items = pages.flatMap((page) => page.items);
    keysAre(`live items, reverse: ${reverse}`, items, reverse ? ["z", "a"] : ["a", "z"]);
    const tokens = pages.flatMap(({ nextPageToken }) =>
      nextPageToken === undefined ? [] : [toHex(nextPageToken)],
    );
    same("tokens that came twice", tokens.length - new Set(tokens).size, 0);
    const most = Math.ceil((DEAD + 2) / ROWS_PER_CALL) + 2;
    holds(`pages, reverse: ${reverse}`, pages.length <= most, pages.length, `at most ${most}`);
    counts.push(pages.length);
  }
  return counts;
}

const namespaces = { main: { rowsPerCallMax: ROWS_PER_CALL } };

/** Cases of this topic. */
export const deadRowCases: readonly ConformanceCase[] = [
  {
    id: "dead-rows/expired",
    rules: ["PAGE-4", "PAGE-5", "GET-5"],
    title:
      "A run of expired rows longer than a call examines gives empty pages whose tokens advance.",
    needs: [],
    namespaces,
    run: async ({ record, clock }) => {
      await fill(record("r"), 10 * SECOND);
      clock.advance(10 * SECOND);
      const counts = await passes(record("r"));
      const least = Math.floor(DEAD / ROWS_PER_CALL);
      holds(
        "pages past rows that are still stored",
        Math.min(...counts) >= least,
        counts,
        `at least ${least}: work a call is bounded`,
      );
    },
  },
  {
    id: "dead-rows/deleted",
    rules: ["PAGE-4", "PAGE-5", "DEL-3"],
    title: "A run of deleted items is passed in bounded pages.",
    needs: [],
    namespaces,
    run: async ({ record }) => {
      await fill(record("r"));
      for (let i = 0; i < DEAD; i += 100) {
        await record("r").deleteKeys(DEAD_KEYS.slice(i, i + 100), { at: 1 });
      }
      await passes(record("r"));
    },
  },
  {
    id: "dead-rows/covered",
    rules: ["PAGE-4", "PAGE-5", "DEL-2"],
    title: "A run of items under a range deletion is passed in bounded pages.",
    needs: [],
    namespaces,
    run: async ({ record }) => {
      await fill(record("r"));
      await record("r").deleteRange("k", "l", { at: 1 });
      await passes(record("r"));
    },
  },
  {
    id: "dead-rows/nothing-alive",
    rules: ["PAGE-4", "PAGE-5", "GET-6"],
    title: "A record of dead rows alone ends without an item.",
    needs: [],
    namespaces,
    run: async ({ record, clock }) => {
      await fill(record("r"), 10 * SECOND);
      await record("r").deleteKeys(["a", "z"], { at: 1 });
      clock.advance(10 * SECOND);
      keysAre("the record", await record("r").read(), []);
      keysAre(
        "the record, in reverse",
        await record("r").read({ selection: { reverse: true } }),
        [],
      );
    },
  },
];
