/** Items and records: what is put is what is found (DATA-1, DATA-3, DATA-5). */
import { equalBytes, type Item } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { absent, holds, itemsAre, same, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Cases of this topic. */
export const dataCases: readonly ConformanceCase[] = [
  {
    id: "data/every-byte",
    rules: ["DATA-1"],
    title: "A key and a value that hold every byte come back as they were put.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put(EVERY_BYTE, EVERY_BYTE.toReversed());
      itemsAre("the record", await record("r").read(), [[EVERY_BYTE, EVERY_BYTE.toReversed()]]);
      valueIs("the item, by its key", await record("r").get(EVERY_BYTE), EVERY_BYTE.toReversed());
    },
  },
  {
    id: "data/large-value",
    rules: ["DATA-1"],
    title: "A value of 200 KiB comes back whole.",
    needs: [{ kind: "inline-bytes", least: 200 * 1024 }],
    run: async ({ record }) => {
      const value = patterned(200 * 1024);
      await record("r").put("k", value);
      valueIs("the value", await record("r").get("k"), value);
    },
  },
  {
    id: "data/empty-key",
    rules: ["DATA-3"],
    title: "The empty key is a key: found by key, by range and in the record.",
    needs: [],
    run: async ({ record }) => {
      await record("r").putItems([
        { key: toBytes(""), value: toBytes("nothing") },
        { key: Uint8Array.of(0), value: toBytes("zero") },
      ]);
      valueIs("the item of the empty key", await record("r").get(""), "nothing");
      itemsAre("range up to key 00", await record("r").readRange("", Uint8Array.of(0)), [
        ["", "nothing"],
      ]);
      await record("r").deleteKeys([""]);
      itemsAre("after its deletion", await record("r").read(), [[Uint8Array.of(0), "zero"]]);
    },
  },
  {
    id: "data/empty-value",
    rules: ["DATA-3"],
    title: "An item with an empty value is there; an item that is not there is not.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("k", "");
      itemsAre("the record", await record("r").read(), [["k", ""]]);
      const item = await record("r").get("k");
      same("whether its value was left out", item?.valueOmitted, false);
      absent("an item never put", await record("r").get("l"));
    },
  },
  {
    id: "data/empty-key-and-value",
    rules: ["DATA-3"],
    title: "An item of empty key and empty value is there, and one item of a record of its own.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("", "");
      itemsAre("the record", await record("r").read(), [["", ""]]);
      itemsAre("another record", await record("s").read(), []);
    },
  },
  {
    id: "data/shape-hash-map",
    rules: ["DATA-3"],
    title: "A hash map: one item of empty key a record, overwritten and read by id.",
    needs: [],
    run: async ({ record }) => {
      await record("user:1").put("", "ada", { at: 0 });
      await record("user:2").put("", "bob", { at: 0 });
      await record("user:1").put("", "ada l.", { at: 1 });
      itemsAre("user:1", await record("user:1").read(), [["", "ada l."]]);
      itemsAre("user:2", await record("user:2").read(), [["", "bob"]]);
    },
  },
  {
    id: "data/shape-set",
    rules: ["DATA-3"],
    title:
      "A set: members are keys with empty values, listed in order, added twice without effect.",
    needs: [],
    run: async ({ record }) => {
      for (const member of ["pear", "apple", "fig", "apple"]) await record("r").put(member, "");
      await record("r").deleteKeys(["fig"]);
      itemsAre("members", await record("r").read(), [
        ["apple", ""],
        ["pear", ""],
      ]);
    },
  },
  {
    id: "data/shape-record",
    rules: ["DATA-3"],
    title: "A record of fields: one field changes and the others stay.",
    needs: [],
    run: async ({ record }) => {
      await record("r").putItems([
        { key: toBytes("name"), value: toBytes("ada") },
        { key: toBytes("born"), value: toBytes("1815") },
      ]);
      await record("r").put("born", "1816");
      itemsAre("fields", await record("r").read(), [
        ["born", "1816"],
        ["name", "ada"],
      ]);
    },
  },
  {
    id: "data/shape-event",
    rules: ["DATA-3"],
    title: "Events: big-endian times as keys, read as a window of time and from the latest back.",
    needs: [],
    run: async ({ record }) => {
      const at = (time: bigint): Uint8Array => {
        const key = new Uint8Array(8);
        new DataView(key.buffer).setBigUint64(0, time);
        return key;
      };
      const times = [1n, 255n, 256n, 65_536n, 0x7fff_ffffn, 0x8000_0000n, 2n ** 63n];
      await record("r").putItems(
        times.map((time) => ({ key: at(time), value: toBytes(`${time}`) })),
      );
      const window = await record("r").readRange(at(255n), at(0x8000_0000n));
      itemsAre(
        "the window",
        window,
        times.slice(1, 5).map((time) => [at(time), `${time}`]),
      );
      const latest = await record("r").read({ selection: { reverse: true, itemLimit: 2 } });
      itemsAre("the latest two", latest, [
        [at(2n ** 63n), `${2n ** 63n}`],
        [at(0x8000_0000n), "2147483648"],
      ]);
    },
  },
  {
    id: "data/records-apart",
    rules: ["DATA-1"],
    title: "Two records hold the same key with values of their own.",
    needs: [],
    run: async ({ record }) => {
      await record("a").put("k", "of a");
      await record("b").put("k", "of b");
      await record("a").deleteKeys(["k"]);
      itemsAre("record a", await record("a").read(), []);
      itemsAre("record b", await record("b").read(), [["k", "of b"]]);
    },
  },
  {
    id: "data/content-metadata",
    rules: ["DATA-5"],
    title: "Content metadata and write time come back with the item, on every kind of read.",
    needs: [],
    run: async ({ record, token }) => {
      const content = { type: "text/plain", note: Uint8Array.of(0, 255, 128) };
      await record("r").put("k", "v", { at: 5, content });
      const wanted = [{ writeTime: token(5).generationTime }, content];
      const said = (item: Item | undefined): unknown[] => [
        item?.metadata.lifecycle,
        item?.metadata.content,
      ];
      same("metadata, by key", said(await record("r").get("k")), wanted);
      same("metadata, of the record", said((await record("r").read())[0]), wanted);
      const keysOnly = await record("r").read({ selection: { include: "keys" } });
      same("metadata, without the value", said(keysOnly[0]), wanted);
    },
  },
  {
    id: "data/bytes-copied",
    rules: ["DATA-1"],
    title: "Bytes that writer or reader change after a call change nothing stored.",
    needs: [],
    run: async ({ record }) => {
      const key = toBytes("key");
      const value = toBytes("value");
      await record("r").put(key, value);
      key.fill(0x78);
      value.fill(0x78);
      const [first] = await record("r").read();
      holds("the item", first !== undefined, first, "to be there");
      first?.key.fill(0x79);
      first?.value.fill(0x79);
      const again = await record("r").read();
      itemsAre("the record after both were overwritten", again, [["key", "value"]]);
      same(
        "whether two reads share bytes",
        equalBytes(first?.value ?? key, toBytes("value")),
        false,
      );
    },
  },
];
