/** What pages cost: reads of the engine, the rows that each of them asks for, and when a page ends early. */
import {
  type GetItemsInput,
  KvError,
  matchAll,
  matchKeys,
  type Micros,
  MILLISECOND,
  utf8,
} from "kvdal";
import type { KvClient } from "kvdal/client";
import { difference, differences } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const VALUE_BYTES = 100;
const KEY_BYTES = 2;

/** Items of one length. */
function items(count: number, valueBytes: number) {
  const value = new Uint8Array(valueBytes);
  return Array.from({ length: count }, (_, i) => ({ key: utf8(`k${i}`), value }));
}

const read = (client: KvClient, more: Partial<GetItemsInput> = {}) =>
  client.getItems({ ...RECORD, ...more });

const ONE_READ: ExactCost = {
  rule: "PAGE-6",
  says: "reads of a page that ends with its record",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const { client } = await stage.serve();
    await client.putItems({ ...RECORD, items: items(3, VALUE_BYTES) });
    const [ofKey, ofAll, ofNone] = [
      await engine.readsOf(() => read(client, { predicate: matchKeys(utf8("k1")) })),
      await engine.readsOf(() => read(client, { predicate: matchAll })),
      await engine.readsOf(() => client.getItems({ ...RECORD, id: "nothing" })),
    ];
    const pages = telemetry.histogram("page_bytes");
    const each = KEY_BYTES + VALUE_BYTES;
    return differences([
      ["for one key", ofKey, 1],
      ["for all of three items", ofAll, 1],
      ["for a record that is not there", ofNone, 1],
      ["pages counted", pages?.count, 3],
      ["bytes of all pages", pages?.sum, 4 * each],
      ["bytes of the longest page", pages?.max, 3 * each],
    ]);
  },
};

/** Keys alone weigh little, and say nothing of what whole items do. */
const ROWS_BY_SIZE: ExactCost = {
  rule: "PAGE-6",
  says: "rows asked for a page of items, when pages of keys alone were read",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve();
    const count = 10;
    await client.putItems({ ...RECORD, items: items(count, VALUE_BYTES) });
    await read(client);
    for (let turn = 0; turn < 3; turn += 1) await read(client, { selection: { include: "keys" } });
    const pageSizeBytes = count * (KEY_BYTES + VALUE_BYTES);
    await read(client, { selection: { pageSizeBytes } });
    const last = engine.reads.at(-1);
    // As many as fill the page, and one in sixteen more.
    return difference(last !== undefined && "rowLimit" in last && last.rowLimit, count);
  },
};

/** Small items, of which nothing is known: the first read of their page asks for two, which do not fill it. */
const TWO_READS = { items: items(6, 8), selection: { pageSizeBytes: 2_048 } };

const CUT_BY_FAILURE: ExactCost = {
  rule: "SLO-2",
  says: "a page whose second read fails",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const { client } = await stage.serve({ limits: { attemptsMax: 1 } });
    const { selection } = TWO_READS;
    await client.putItems({ ...RECORD, items: TWO_READS.items });
    engine.failRead = (number) =>
      number === 1 ? new KvError("UNAVAILABLE", "the engine is away") : undefined;
    const first = await read(client, { selection });
    const rest = await read(client, { selection, pageToken: first.nextPageToken });
    return differences([
      ["items of that page", first.items.length, 2],
      ["items of the next", rest.items.length, 4],
      ["pages counted as cut early", telemetry.counter("pages_cut_early"), 1],
    ]);
  },
};

/** A page that is half full goes on while an item has room in it, and no longer. */
const HALF_FULL: ExactCost = {
  rule: "PAGE-6",
  says: "items of a page that is half full after its first read",
  ask: async (stage) => {
    const { client } = await stage.serve();
    const { selection } = TWO_READS;
    await client.putItems({ ...RECORD, items: items(6, 520) });
    const { length } = (await read(client, { selection })).items;
    return differences([
      ["items", length, 3],
      ["reads", stage.engine.reads.length, 2],
    ]);
  },
};

const READ_MICROS: Micros = 10 * MILLISECOND;

const CUT_BY_TIME: ExactCost = {
  rule: "SLO-2",
  says: "a page whose second read would come too late",
  ask: async (stage) => {
    const { engine, telemetry } = stage;
    const slo = { read: { target: READ_MICROS, max: 3 * READ_MICROS } };
    const { client } = await stage.serve({ options: { slo }, limits: { attemptsMax: 1 } });
    await client.putItems({ ...RECORD, items: TWO_READS.items });
    engine.readMicros = READ_MICROS;
    const { selection } = TWO_READS;
    const took = await stage.timed(async () => {
      await read(client, { selection });
    });
    return differences([
      ["microseconds that it takes", took, READ_MICROS],
      ["reads", engine.reads.length, 1],
      ["pages counted as cut early", telemetry.counter("pages_cut_early"), 1],
    ]);
  },
};

/**
 * After a read of two rows of ten milliseconds one of 72 is taken to last 185: half of ten, and 36 times the other half.
 * Ten have passed, and ten are kept for the answer.
 */
const IN_TIME: ExactCost = {
  rule: "SLO-2",
  says: "a page whose second read would just be in time, and one whose would not",
  ask: async (stage) => {
    const { engine } = stage;
    const { selection } = TWO_READS;
    const found: number[] = [];
    for (const [i, timeout] of [204, 206].entries()) {
      const { client } = await stage.serve({ limits: { attemptsMax: 1 } });
      if (i === 0) await client.putItems({ ...RECORD, items: TWO_READS.items });
      engine.readMicros = READ_MICROS;
      const timeoutMicros = timeout * MILLISECOND;
      found.push(
        await engine.readsOf(() => client.getItems({ ...RECORD, selection }, { timeoutMicros })),
      );
    }
    const limits = engine.reads.map((one) => "rowLimit" in one && one.rowLimit);
    return differences([
      ["reads with 204 ms, and with 206", found, [1, 2]],
      ["rows asked for", limits, [2, 2, 72]],
    ]);
  },
};

/** Reads of four rows that take ten milliseconds and twenty: the usual one takes 11.25 and four times 2.5 more. */
const ROWS_BY_TIME: ExactCost = {
  rule: "SLO-2",
  says: "rows asked for of an engine whose reads took 10 ms and 20 ms, with 45 ms left",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve();
    await client.putItems({ ...RECORD, items: items(20, 8) });
    for (const turn of [1, 2]) {
      engine.readMicros = turn * READ_MICROS;
      await read(client, { selection: { itemLimit: 4 } });
    }
    engine.readMicros = 1;
    await client.getItems(RECORD, { timeoutMicros: 45 * MILLISECOND });
    const asked = engine.reads.map((one) => "rowLimit" in one && one.rowLimit);
    // 4 * (2 * 45 / 21.25 - 1), of which the half grows with the rows.
    return differences([
      ["in the read of 10 ms", asked[0], 4],
      ["in the read of 20 ms", asked[1], 4],
      ["in the first one after these", asked[2], 12],
    ]);
  },
};

/** What pages cost. */
export const READS: readonly ExactCost[] = [
  ONE_READ,
  ROWS_BY_SIZE,
  HALF_FULL,
  CUT_BY_FAILURE,
  CUT_BY_TIME,
  IN_TIME,
  ROWS_BY_TIME,
];
