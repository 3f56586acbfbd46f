/** Caches: what is found is exactly what was stored, and what was not stored is a miss (CACHE-3). */
import { HOUR } from "kvdal";
import { type Bytes, patterned, toBytes } from "../kit/bytes.ts";
import type { CacheStore } from "../kit/cache-store.ts";
import { same } from "../kit/check.ts";
import type { CacheCase } from "../kit/conformance-case.ts";
import { SHARED_CACHE } from "../kit/need.ts";
import { show } from "../kit/show.ts";
import { hit, MISS, STORED } from "./cache-answers.ts";

/** Longest key of the port, bytes. */
const CACHE_KEY_BYTES_MAX = 4096;

/** Keys that differ in what text protocols stumble over. */
const ODD_KEYS: readonly Bytes[] = [
  "ab",
  "a b",
  " ab",
  "ab ",
  "a\tb",
  "a\0b",
  "a\nb",
  "a\r\nb",
  "a\r\nc",
  "get k\r\n",
  "\u{1f600}",
  "",
  Uint8Array.of(0xff),
  Uint8Array.of(0xfe),
  Uint8Array.of(0xc3),
  Uint8Array.of(0xed, 0xa0, 0x80),
];

/** A key of exactly `length` bytes that belongs to the case and ends in `end`. */
function keyOf(store: CacheStore, length: number, end: number): Uint8Array {
  const head = store.key("");
  const key = new Uint8Array(length).fill(0x6b);
  key.set(head);
  key[length - 1] = end;
  return key;
}

/** Cases of this topic. */
export const cacheEntryCases: readonly CacheCase[] = [
  {
    id: "cache/miss",
    rules: ["CACHE-3"],
    title: "A key that was never stored is a miss.",
    needs: [],
    run: async ({ cache, key, call }) => {
      same("the answer", await cache.get(key("none"), call()), MISS);
    },
  },
  {
    id: "cache/every-byte",
    rules: ["CACHE-3", "DATA-1"],
    title: "A key and a value of every byte: the hit is exactly what was stored.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      same("set", await cache.set(key(every), every, HOUR, call()), STORED);
      same("get", await cache.get(key(every), call()), hit(every));
      same("get of a key one byte shorter", await cache.get(key(every.slice(0, -1)), call()), MISS);
    },
  },
  {
    id: "cache/empty-value",
    rules: ["CACHE-3", "DATA-3"],
    title: "An empty value is a hit, not a miss.",
    needs: [],
    run: async ({ cache, key, call }) => {
      await cache.set(key("k"), new Uint8Array(0), HOUR, call());
      same("get", await cache.get(key("k"), call()), hit(new Uint8Array(0)));
    },
  },
  {
    id: "cache/keys-with-blanks",
    rules: ["CACHE-3"],
    title: "Blanks, line ends, zero bytes and bytes that are no text are part of keys.",
    needs: [],
    run: async ({ cache, key, call }) => {
      for (const odd of ODD_KEYS) await cache.set(key(odd), toBytes(odd), HOUR, call());
      for (const odd of ODD_KEYS) {
        same(`get of ${show(odd)}`, await cache.get(key(odd), call()), hit(toBytes(odd)));
      }
    },
  },
  {
    id: "cache/longest-keys",
    rules: ["CACHE-3", "CACHE-6"],
    title: "Keys of up to 4096 bytes that differ in length or last byte only are apart.",
    needs: [],
    run: async (store) => {
      const { cache, call } = store;
      const lengths = [200, 249, 250, 251, CACHE_KEY_BYTES_MAX - 1, CACHE_KEY_BYTES_MAX];
      const keys = lengths.flatMap((length) =>
        [0x6b, 0xff].map((end) => keyOf(store, length, end)),
      );
      for (const [i, key] of keys.entries()) await cache.set(key, toBytes(`${i}`), HOUR, call());
      for (const [i, key] of keys.entries()) {
        same(`key ${i} of ${key.length} bytes`, await cache.get(key, call()), hit(toBytes(`${i}`)));
      }
    },
  },
  {
    id: "cache/set-replaces",
    rules: ["CACHE-3"],
    title: "A second set replaces the first, a shorter one too.",
    needs: [],
    run: async ({ cache, key, call }) => {
      await cache.set(key("k"), patterned(5000), HOUR, call());
      same("set", await cache.set(key("k"), toBytes("v"), HOUR, call()), STORED);
      same("get", await cache.get(key("k"), call()), hit(toBytes("v")));
    },
  },
  {
    id: "cache/add",
    rules: ["CACHE-2"],
    title: "Add stores where nothing is and changes nothing where something is.",
    needs: [],
    run: async ({ cache, key, call }) => {
      same("add", await cache.add(key("k"), toBytes("first"), HOUR, call()), STORED);
      const again = await cache.add(key("k"), toBytes("second"), HOUR, call());
      same("add again", again, { kind: "present" });
      same("get", await cache.get(key("k"), call()), hit(toBytes("first")));
    },
  },
  {
    id: "cache/delete",
    rules: ["CACHE-4"],
    title: "A deleted key is a miss; deleting what is not there is success; add stores again.",
    needs: [],
    run: async ({ cache, key, call }) => {
      await cache.set(key("k"), toBytes("v"), HOUR, call());
      await cache.delete(key("k"), call());
      same("get", await cache.get(key("k"), call()), MISS);
      await cache.delete(key("k"), call());
      same("add", await cache.add(key("k"), toBytes("w"), HOUR, call()), STORED);
      same("get", await cache.get(key("k"), call()), hit(toBytes("w")));
    },
  },
  {
    id: "cache/two-engines",
    rules: ["CACHE-1", "CACHE-2"],
    title: "Two engines over one cache see each other's entries and deletions, and one add stores.",
    needs: [SHARED_CACHE],
    run: async ({ cache, another, key, call }) => {
      const other = await another();
      await cache.set(key("k"), toBytes("v"), HOUR, call());
      same("get at the other", await other.get(key("k"), call()), hit(toBytes("v")));
      await other.delete(key("k"), call());
      same("get at the first", await cache.get(key("k"), call()), MISS);
      const adds = Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? cache : other).add(key("k"), toBytes(`${i}`), HOUR, call()),
      );
      const stored = (await Promise.all(adds)).filter(({ kind }) => kind === "stored");
      same("adds at once that stored", stored.length, 1);
    },
  },
  {
    id: "cache/largest-value",
    rules: ["CACHE-3"],
    title: "The largest value that is declared is stored and found, under the longest key too.",
    needs: [],
    run: async (store) => {
      const { cache, call } = store;
      const value = patterned(Math.min(cache.capabilities.valueBytesMax, 4 * 1024 * 1024));
      for (const key of [store.key("k"), keyOf(store, CACHE_KEY_BYTES_MAX, 1)]) {
        same("set", await cache.set(key, value, HOUR, call()), STORED);
        same("get", await cache.get(key, call()), hit(value));
      }
    },
  },
  {
    id: "cache/too-large",
    rules: ["CACHE-2", "CACHE-3"],
    title: "A value past the limit is answered too_large, and an older entry of its key is gone.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const value = patterned(cache.capabilities.valueBytesMax * 2 + 1024);
      await cache.set(key("k"), toBytes("older"), HOUR, call());
      same("set", await cache.set(key("k"), value, HOUR, call()), { kind: "too_large" });
      same("get", await cache.get(key("k"), call()), MISS);
      await cache.set(key("l"), toBytes("v"), HOUR, call());
      same("get of another key", await cache.get(key("l"), call()), hit(toBytes("v")));
    },
  },
  {
    id: "cache/bytes-copied",
    rules: ["CACHE-3"],
    title: "Bytes changed after a call change nothing stored.",
    needs: [],
    run: async ({ cache, key, call }) => {
      const value = toBytes("value");
      const own = key("k");
      await cache.set(own, value, HOUR, call());
      value.fill(0x78);
      own.fill(0x78);
      const first = await cache.get(key("k"), call());
      same("get", first, hit(toBytes("value")));
      if (first.kind === "hit") first.value.fill(0x79);
      same("get again", await cache.get(key("k"), call()), hit(toBytes("value")));
    },
  },
];
