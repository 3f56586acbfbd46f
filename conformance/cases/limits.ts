/** Limits: the longest is taken, one past is refused by type, and nothing was written (DATA-4). */
import { ID_BYTES_MAX, ITEMS_PER_REQUEST_MAX, KEY_BYTES_MAX, utf8 } from "kvdal";
import { numbered, patterned, toBytes } from "../kit/bytes.ts";
import { itemsAre, keysAre, refused, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";

/** Largest value that the case of the largest value puts, bytes: engines that take more are not strained. */
const LARGEST_TRIED = 1024 * 1024;

const item = (key: string): { key: Uint8Array; value: Uint8Array } => ({
  key: toBytes(key),
  value: toBytes(key),
});

/** Cases of this topic. */
export const limitCases: readonly ConformanceCase[] = [
  {
    id: "limits/id-longest",
    rules: ["DATA-4"],
    title:
      "An id of 1024 bytes is taken, of characters of one byte or four, and its last byte counts.",
    needs: [],
    run: async ({ record }) => {
      const almost = "i".repeat(ID_BYTES_MAX - 1);
      const ids = [`${almost}i`, `${almost}j`, almost, "\u{1f600}".repeat(ID_BYTES_MAX / 4), "x"];
      for (const id of ids) await record(id).put("k", id);
      for (const id of ids) {
        itemsAre(`record of ${utf8(id).length} bytes`, await record(id).read(), [["k", id]]);
      }
    },
  },
  {
    id: "limits/id-one-past",
    rules: ["DATA-4", "ERR-1"],
    title: "An id of 1025 bytes is TOO_LARGE for every verb; bytes are counted, not characters.",
    needs: [],
    run: async ({ record }) => {
      for (const id of ["i".repeat(ID_BYTES_MAX + 1), `${"é".repeat(ID_BYTES_MAX / 2)}x`]) {
        await refused("a put", record(id).put("k", "v"), "TOO_LARGE", "no");
        await refused("a deletion", record(id).deleteAll(), "TOO_LARGE", "no");
        await refused("a read", record(id).read(), "TOO_LARGE");
      }
      itemsAre("the id cut to the limit", await record("i".repeat(ID_BYTES_MAX)).read(), []);
    },
  },
  {
    id: "limits/id-empty-or-broken",
    rules: ["DATA-4", "ERR-1", "ERR-3"],
    title: "An empty id and one with half a character are INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      for (const id of ["", "a\ud800", "\udc00"]) {
        await refused("a put", record(id).put("k", "v"), "INVALID_ARGUMENT", "no");
        await refused("a deletion", record(id).deleteAll(), "INVALID_ARGUMENT", "no");
        await refused("a read", record(id).read(), "INVALID_ARGUMENT");
      }
    },
  },
  {
    id: "limits/key-longest",
    rules: ["DATA-4"],
    title: "A key of 1000 bytes is put, read, bounded by and deleted.",
    needs: [],
    run: async ({ record }) => {
      const key = patterned(KEY_BYTES_MAX, 1);
      await record("r").put(key, "v");
      valueIs("the item by its key", await record("r").get(key), "v");
      keysAre("range from the key on", await record("r").readRange(key), [key]);
      keysAre("range up to the key", await record("r").readRange(undefined, key), []);
      await record("r").deleteKeys([key]);
      keysAre("the record after its deletion", await record("r").read(), []);
    },
  },
  {
    id: "limits/key-one-past",
    rules: ["DATA-4", "ERR-1"],
    title:
      "A key of 1001 bytes is TOO_LARGE, and the other items of its request are not written; " +
      "a range may end there, since it ends before it, but no further on.",
    needs: [],
    run: async ({ record }) => {
      const key = patterned(KEY_BYTES_MAX + 1, 1);
      const bound = patterned(KEY_BYTES_MAX + 2, 1);
      const put = record("r").putItems([item("a"), { key, value: key }]);
      await refused("a put", put, "TOO_LARGE", "no");
      await refused("a deletion", record("r").deleteKeys(["a", key]), "TOO_LARGE", "no");
      await refused("a range deletion", record("r").deleteRange("", bound), "TOO_LARGE", "no");
      await refused("a range read", record("r").readRange("", bound), "TOO_LARGE");
      itemsAre("the range up to it", await record("r").readRange("", key), []);
      await refused("a read by key", record("r").get(key), "TOO_LARGE");
      itemsAre("the record", await record("r").read(), []);
    },
  },
  {
    id: "limits/value-of-namespace",
    rules: ["DATA-4", "ERR-1"],
    title:
      "A value at the namespace's limit is taken; one past is TOO_LARGE and its request unwritten.",
    needs: [],
    namespaces: { main: { maxValueBytes: 4096 } },
    run: async ({ record }) => {
      await record("r").put("k", patterned(4096));
      const put = record("r").putItems([item("a"), { key: toBytes("k"), value: patterned(4097) }]);
      await refused("a put", put, "TOO_LARGE", "no");
      itemsAre("the record", await record("r").read(), [["k", patterned(4096)]]);
    },
  },
  {
    id: "limits/value-of-engine",
    rules: ["DATA-4"],
    title:
      "The largest value that the engine declares is taken, with the longest id, key and a note.",
    needs: [],
    run: async ({ record, capabilities }) => {
      const id = "i".repeat(ID_BYTES_MAX);
      const key = patterned(KEY_BYTES_MAX, 2);
      const value = patterned(Math.min(capabilities.inlineBytesMax, LARGEST_TRIED));
      const content = { type: "x", note: patterned(4000) };
      await record(id).put(key, value, { content });
      const found = await record(id).get(key);
      valueIs("the value", found, value);
      same("the note", found?.metadata.content, content);
    },
  },
  {
    id: "limits/items-of-request",
    rules: ["DATA-4", "PUT-1"],
    title: "A put of as many items as declared is taken whole; one more is refused and unwritten.",
    needs: [],
    run: async ({ record, capabilities }) => {
      const most = Math.min(ITEMS_PER_REQUEST_MAX, capabilities.mutationsPerWriteMax);
      const items = Array.from({ length: most + 1 }, (_, i) => item(numbered("k", i)));
      await refused("one too many", record("r").putItems(items), "INVALID_ARGUMENT", "no");
      itemsAre("the record after the refusal", await record("r").read(), []);
      await record("r").putItems(items.slice(0, most));
      const found = await record("r").read({ selection: { include: "keys" } });
      keysAre(
        "keys of the record",
        found,
        items.slice(0, most).map(({ key }) => key),
      );
    },
  },
  {
    id: "limits/nothing-asked",
    rules: ["DATA-4", "PUT-1", "ERR-1", "ERR-3"],
    title: "A put of no items and a deletion of no keys are INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      await refused("a put", record("r").putItems([]), "INVALID_ARGUMENT", "no");
      await refused("a deletion", record("r").deleteKeys([]), "INVALID_ARGUMENT", "no");
    },
  },
  {
    id: "limits/selection",
    rules: ["GET-3", "ERR-1", "ERR-3"],
    title: "A page size or item limit out of bounds is INVALID_ARGUMENT.",
    needs: [],
    run: async ({ record }) => {
      for (const selection of [
        { pageSizeBytes: 0 },
        { pageSizeBytes: 8 * 1024 * 1024 + 1 },
        { pageSizeBytes: 1.5 },
        { itemLimit: 0 },
        { itemLimit: -1 },
        { excludeValuesAboveBytes: -1 },
      ]) {
        await refused(
          `selection ${JSON.stringify(selection)}`,
          record("r").read({ selection }),
          "INVALID_ARGUMENT",
        );
      }
    },
  },
];
