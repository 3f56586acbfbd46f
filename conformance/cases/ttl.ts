/** Time to live: exact by the wall clock, unmoved by retries (TTL-1, TTL-2, TTL-3). */
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from "kvdal";
import { numbered, toBytes } from "../kit/bytes.ts";
import { absent, holds, itemsAre, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE, RETENTION_LEAST } from "../kit/modes.ts";
import { REMOVAL_BY_SWEEP } from "../kit/need.ts";
import { itemOf } from "../kit/record.ts";

/** The longest that the service takes on any engine. */
const TWENTY_YEARS = 20 * 365 * DAY;

/** Of each of four records: more in all than one step of clean-up looks at. A page over them is short, so that pages count rows. */
const ROWS_SWEPT = 400;
const ROWS_PER_CALL = 50;

/** Cases of this topic. */
export const ttlCases: readonly ConformanceCase[] = [
  {
    id: "ttl/exact",
    rules: ["TTL-1"],
    title: "An item is there until the microsecond before its expiry and gone from the expiry on.",
    needs: [],
    run: async ({ record, clock }) => {
      const ttls = [
        7 * SECOND,
        7 * SECOND + 1,
        8 * SECOND + 499_999,
        8 * SECOND + 500 * MILLISECOND,
      ];
      let passed = 0;
      for (const ttl of ttls) await record("r").put(`k${ttl}`, "v", { at: 0, ttl });
      for (const [i, ttl] of ttls.entries()) {
        clock.advance(ttl - 1 - passed);
        const left = ttls.slice(i).map((one) => `k${one}`);
        keysAre(`a microsecond before ${ttl}`, await record("r").read(), left);
        clock.advance(1);
        passed = ttl;
        keysAre(`at ${ttl}`, await record("r").read(), left.slice(1));
      }
    },
  },
  {
    id: "ttl/metadata",
    rules: ["TTL-1", "DATA-5"],
    title: "The item says when it expires: token time plus time to live, to the microsecond.",
    needs: [],
    run: async ({ record, token }) => {
      await record("r").put("k", "v", { at: 3, ttl: MINUTE + 1 });
      const { generationTime } = token(3);
      const wanted = { writeTime: generationTime, expiresAt: generationTime + MINUTE + 1 };
      same("lifecycle", (await record("r").get("k"))?.metadata.lifecycle, wanted);
    },
  },
  {
    id: "ttl/retry-does-not-move",
    rules: ["TTL-2", "TOK-4"],
    title: "A put repeated later, through another server, keeps its expiry.",
    needs: [],
    run: async ({ record, second, clock, token }) => {
      await record("r").put("k", "v", { at: 0, ttl: 10 * SECOND });
      clock.advance(4 * SECOND);
      await record("r", { client: second }).put("k", "v", { at: 0, ttl: 10 * SECOND });
      const wanted = token(0).generationTime + 10 * SECOND;
      same("the expiry", (await record("r").get("k"))?.metadata.lifecycle.expiresAt, wanted);
      clock.advance(6 * SECOND);
      absent("the item at its expiry", await record("r").get("k"));
      await record("r").put("k", "v", { at: 0, ttl: 10 * SECOND });
      absent("the item after a repeat past its expiry", await record("r").get("k"));
    },
  },
  {
    id: "ttl/namespace-default",
    rules: ["TTL-1"],
    title: "Items that name no time to live get the namespace's; those that do keep their own.",
    needs: [],
    namespaces: { main: { defaultTtlMicros: 30 * SECOND } },
    run: async ({ record, clock, token }) => {
      await record("r").put("default", "v", { at: 0 });
      await record("r").put("longer", "v", { at: 0, ttl: 60 * SECOND });
      await record("r").put("shorter", "v", { at: 0, ttl: 10 * SECOND });
      const expiry = (await record("r").get("default"))?.metadata.lifecycle.expiresAt;
      same("the default expiry", expiry, token(0).generationTime + 30 * SECOND);
      clock.advance(10 * SECOND);
      keysAre("after 10 s", await record("r").read(), ["default", "longer"]);
      clock.advance(20 * SECOND);
      keysAre("after 30 s", await record("r").read(), ["longer"]);
      clock.advance(30 * SECOND);
      keysAre("after 60 s", await record("r").read(), []);
    },
  },
  {
    id: "ttl/newer-put-decides",
    rules: ["TTL-1", "PUT-4"],
    title: "The expiry of the newest put holds, be it sooner or later than the one before.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("sooner", "1", { at: 0, ttl: HOUR });
      await record("r").put("sooner", "2", { at: 1, ttl: 10 * SECOND });
      await record("r").put("later", "1", { at: 0, ttl: 10 * SECOND });
      await record("r").put("later", "2", { at: 1, ttl: HOUR });
      clock.advance(20 * SECOND);
      itemsAre("after 20 s", await record("r").read(), [["later", "2"]]);
    },
  },
  {
    id: "ttl/older-put-does-not-decide",
    rules: ["TTL-1", "TOK-5"],
    title: "An older put with an expiry that arrives late does not make a lasting item expire.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("k", "lasting", { at: 1 });
      await record("r").put("k", "expiring", { at: 0, ttl: 10 * SECOND });
      clock.advance(20 * SECOND);
      itemsAre("the record", await record("r").read(), [["k", "lasting"]]);
    },
  },
  {
    id: "ttl/expired-then-older-put",
    rules: ["TOK-5", "GET-5", "TTL-1"],
    title: "An item that expired keeps older puts out; a newer one shows.",
    needs: [],
    namespaces: { main: RETENTION_LEAST },
    run: async ({ record, clock, sweep }) => {
      await record("r").put("k", "expired", { at: 5, ttl: 10 * SECOND });
      clock.advance(59 * MINUTE);
      await record("r").put("k", "older", { at: 4 });
      absent("the item after an older put", await record("r").get("k"));
      await sweep();
      await record("r").put("k", "older still", { at: 3 });
      itemsAre("the record after a sweep and an older put", await record("r").read(), []);
      await record("r").put("k", "newer", { at: 6 });
      valueIs("the item after a newer put", await record("r").get("k"), "newer");
    },
  },
  {
    id: "ttl/swept-whole",
    rules: ["TTL-1", "PAGE-5"],
    title:
      "Where sweeps alone remove rows, a round of them gets to the end of a table of any size.",
    needs: [REMOVAL_BY_SWEEP],
    namespaces: { main: { ...INLINE, rowsPerCallMax: ROWS_PER_CALL } },
    run: async ({ capabilities, clock, record, sweep }) => {
      const most = Math.min(100, capabilities.mutationsPerWriteMax);
      const ids = ["a", "b", "c", "d"];
      for (const id of ids) {
        for (let at = 0; at < ROWS_SWEPT; at += most) {
          const count = Math.min(most, ROWS_SWEPT - at);
          const items = Array.from({ length: count }, (_, i) =>
            itemOf(numbered("k", at + i), "v", { ttl: SECOND }),
          );
          await record(id).putItems(items, { at: 0 });
        }
      }
      clock.advance(2 * DAY);
      await sweep();
      for (const id of ids) {
        const pages = await record(id).pages();
        const items = pages.flatMap((page) => page.items);
        keysAre(`the record ${id}`, items, []);
        holds(
          `pages over the record ${id}`,
          pages.length <= 1,
          pages.length,
          "one: no row is left",
        );
      }
    },
  },
  {
    id: "ttl/put-expired-on-arrival",
    rules: ["TTL-2", "TOK-5", "GET-5"],
    title:
      "A put that arrives after its expiry is acknowledged, never seen, and still keeps older puts out.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("k", "old", { at: 0 });
      clock.advance(MINUTE);
      await record("r").put("k", "expired", { at: 5, ttl: 10 * SECOND });
      absent("the item", await record("r").get("k"));
      await record("r").put("k", "older", { at: 4 });
      itemsAre("the record after an older put", await record("r").read(), []);
    },
  },
  {
    id: "ttl/invalid",
    rules: ["TTL-3", "ERR-1"],
    title:
      "A time to live that is zero, negative or no whole number is INVALID_ARGUMENT and writes nothing.",
    needs: [],
    run: async ({ record }) => {
      for (const ttl of [0, -1, -HOUR, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await refused(
          `time to live ${ttl}`,
          record("r").put("k", "v", { at: 0, ttl }),
          "INVALID_ARGUMENT",
          "no",
        );
      }
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "ttl/longest",
    rules: ["TTL-3"],
    title:
      "The longest time to live is taken and the item is there; one past it is refused, not cut short.",
    needs: [],
    run: async ({ record, capabilities, token }) => {
      const longest = Math.min(TWENTY_YEARS, capabilities.ttl.max);
      await record("r").put("k", "v", { at: 0, ttl: longest });
      const item = await record("r").get("k");
      valueIs("the item", item, "v");
      const wanted = token(0).generationTime + longest;
      same("its expiry", item?.metadata.lifecycle.expiresAt, wanted);
      const past = record("r").put("l", "v", { at: 0, ttl: longest + 1 });
      await refused("one microsecond more", past, "INVALID_ARGUMENT", "no");
      await refused(
        "a century",
        record("r").put("l", "v", { at: 0, ttl: 5 * TWENTY_YEARS }),
        "INVALID_ARGUMENT",
        "no",
      );
      keysAre("the record", await record("r").read(), ["k"]);
    },
  },
  {
    id: "ttl/item-by-item",
    rules: ["TTL-1", "PUT-1"],
    title: "Items of one put expire each at its own time.",
    needs: [],
    run: async ({ record, clock }) => {
      const ttls = { a: 10 * SECOND, b: undefined, c: 20 * SECOND, d: 10 * SECOND };
      const items = Object.entries(ttls).map(([key, ttl]) => ({
        key: toBytes(key),
        value: toBytes(key),
        ...(ttl === undefined ? {} : { ttlMicros: ttl }),
      }));
      await record("r").putItems(items, { at: 0 });
      clock.advance(10 * SECOND);
      keysAre("after 10 s", await record("r").read(), ["b", "c"]);
      clock.advance(10 * SECOND);
      keysAre("after 20 s", await record("r").read(), ["b"]);
    },
  },
];
