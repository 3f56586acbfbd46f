/** Reads: predicates, selections and what is never returned (GET-1 to GET-6). */
import { ITEMS_PER_REQUEST_MAX, matchAll, matchKeys, MINUTE, SECOND } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { itemsAre, keysAre, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { rangeOf, type RecordHandle } from "../kit/record.ts";
import { allScanned } from "../kit/scan.ts";

/** Reads by key, range and record; all must say the same. */
async function seenEverywhere(
  record: RecordHandle,
  key: string,
  wanted: readonly string[],
): Promise<void> {
  const predicates = {
    keys: matchKeys(toBytes(key)),
    range: rangeOf(key, `${key}\0`),
    record: matchAll,
  };
  for (const [name, predicate] of Object.entries(predicates)) {
    keysAre(`read by ${name}`, await record.read({ predicate }), wanted);
    const keysOnly = { predicate, selection: { include: "keys", reverse: true } } as const;
    keysAre(`read by ${name}, keys only, in reverse`, await record.read(keysOnly), wanted);
  }
}

/** Cases of this topic. */
export const getCases: readonly ConformanceCase[] = [
  {
    id: "get/missing-record",
    rules: ["GET-6"],
    title: "A record that was never written is one empty page without a token, by every predicate.",
    needs: [],
    run: async ({ record }) => {
      for (const predicate of [matchAll, matchKeys(toBytes("k")), rangeOf("a", "z")]) {
        const page = await record("none").page({ predicate });
        itemsAre(`${predicate.kind}: items`, page.items, []);
        same(`${predicate.kind}: token`, page.nextPageToken, undefined);
      }
    },
  },
  {
    id: "get/keys-in-key-order",
    rules: ["GET-2"],
    title: "Keys asked for in any order, some twice, come back in key order, each once.",
    needs: [],
    run: async ({ record }) => {
      for (const key of ["a", "b", "c", "d"]) await record("r").put(key, key);
      const predicate = matchKeys(...["d", "b", "d", "a"].map(toBytes));
      keysAre("keys", await record("r").read({ predicate }), ["a", "b", "d"]);
      const reverse = await record("r").read({ predicate, selection: { reverse: true } });
      keysAre("keys, in reverse", reverse, ["d", "b", "a"]);
    },
  },
  {
    id: "get/keys-absent",
    rules: ["GET-2", "GET-6"],
    title: "Absent keys are absent from the answer, and no keys are no items.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("b", "v");
      const some = await record("r").read({
        predicate: matchKeys(...["a", "b", "c"].map(toBytes)),
      });
      keysAre("keys a, b, c", some, ["b"]);
      keysAre("no keys", await record("r").read({ predicate: matchKeys() }), []);
    },
  },
  {
    id: "get/many-keys",
    rules: ["GET-2"],
    title: "Two hundred and fifty keys, half of them absent, are read at once, in order.",
    needs: [],
    run: async ({ record }) => {
      const keys = Array.from({ length: 250 }, (_, i) => numbered("k", i));
      const present = keys.filter((_, i) => i % 2 === 0);
      await record("r").putItems(
        present.map((key) => ({ key: toBytes(key), value: toBytes(key) })),
      );
      const predicate = matchKeys(...keys.toReversed().map(toBytes));
      itemsAre(
        "items",
        await record("r").read({ predicate }),
        present.map((key) => [key, key]),
      );
    },
  },
  {
    id: "get/most-keys",
    rules: ["GET-2"],
    title:
      "As many keys as a read may name are all answered, also by a server that knows how small they are.",
    needs: [],
    run: async ({ capabilities, record }) => {
      const keys = Array.from({ length: ITEMS_PER_REQUEST_MAX }, (_, i) => numbered("k", i));
      // The last three hundred: who answers the first so many of a read answers none of them.
      const present = keys.slice(-300);
      const most = Math.min(100, capabilities.mutationsPerWriteMax);
      for (let at = 0; at < present.length; at += most) {
        const some = present.slice(at, at + most);
        await record("r").putItems(some.map((key) => ({ key: toBytes(key), value: toBytes("v") })));
      }
      for (const turn of ["first", "second", "third"]) {
        for (const asked of [present, keys]) {
          const items = await record("r").read({ predicate: matchKeys(...asked.map(toBytes)) });
          keysAre(`${turn} read of ${asked.length} keys`, items, present);
        }
      }
    },
  },
  {
    id: "get/keys-only",
    rules: ["GET-3"],
    title: "With keys only, values are empty and marked as left out.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("a", "value");
      await record("r").put("b", "");
      const items = await record("r").read({ selection: { include: "keys" } });
      itemsAre("items", items, [
        ["a", ""],
        ["b", ""],
      ]);
      same(
        "the marks",
        items.map((item) => item.valueOmitted),
        [true, true],
      );
    },
  },
  {
    id: "get/keys-only-lifecycle",
    rules: ["GET-3", "DATA-5", "TTL-1"],
    title:
      "With keys only, an item says when it was written and when it ends, by every kind of read.",
    needs: [],
    run: async ({ client, namespace, record, token }) => {
      await record("r").put("k", "v", { at: 3, ttl: MINUTE });
      const { generationTime: writeTime } = token(3);
      const wanted = [{ writeTime, expiresAt: writeTime + MINUTE }];
      const predicates = [matchAll, matchKeys(toBytes("k")), rangeOf("k", "l")];
      for (const predicate of predicates) {
        const items = await record("r").read({ predicate, selection: { include: "keys" } });
        const found = items.map(({ metadata }) => metadata.lifecycle);
        same(`lifecycle, ${predicate.kind}`, found, wanted);
      }
      const scan = { namespace: namespace(), selection: { include: "keys" } } as const;
      const scanned = (await allScanned(client, scan)).flatMap(({ items }) => items);
      same(
        "lifecycle, scanned",
        scanned.map(({ metadata }) => metadata.lifecycle),
        wanted,
      );
    },
  },
  {
    id: "get/values-above-size",
    rules: ["GET-3"],
    title: "Values above the size named are left out and marked; a value of that size is not.",
    needs: [],
    run: async ({ record }) => {
      for (const length of [0, 99, 100, 101, 5000]) {
        await record("r").put(numbered("k", length), patterned(length));
      }
      const items = await record("r").read({ selection: { excludeValuesAboveBytes: 100 } });
      same(
        "lengths",
        items.map((item) => item.value.length),
        [0, 99, 100, 0, 0],
      );
      same(
        "the marks",
        items.map((item) => item.valueOmitted),
        [false, false, false, true, true],
      );
    },
  },
  {
    id: "get/deleted",
    rules: ["GET-5", "DEL-3"],
    title: "A deleted item is returned by no kind of read, from the acknowledgement on.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("k", "v", { at: 0 });
      await seenEverywhere(record("r"), "k", ["k"]);
      await record("r").deleteKeys(["k"], { at: 1 });
      await seenEverywhere(record("r"), "k", []);
    },
  },
  {
    id: "get/expired",
    rules: ["GET-5", "TTL-1"],
    title: "An expired item is returned by no kind of read.",
    needs: [],
    run: async ({ record, clock }) => {
      await record("r").put("k", "v", { at: 0, ttl: 5 * SECOND });
      await seenEverywhere(record("r"), "k", ["k"]);
      clock.advance(5 * SECOND);
      await seenEverywhere(record("r"), "k", []);
    },
  },
  {
    id: "get/covered",
    rules: ["GET-5", "DEL-1", "DEL-2"],
    title: "An item under a deleted range or record is returned by no kind of read.",
    needs: [],
    run: async ({ record }) => {
      await record("range").put("k", "v", { at: 0 });
      await record("range").deleteRange("j", "l", { at: 1 });
      await seenEverywhere(record("range"), "k", []);
      await record("record").put("k", "v", { at: 0 });
      await record("record").deleteAll({ at: 1 });
      await seenEverywhere(record("record"), "k", []);
    },
  },
];
