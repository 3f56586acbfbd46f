// Goal: what is at hand is found at once; what is not is read once for all who miss it; trouble is not absence.
import { expect, test } from "vitest";
import { dictionaryShelf } from "../../src/codec/dictionary-shelf.ts";
import { utf8 } from "../../src/model/bytes.ts";
import type { DictionaryState, DictionaryVersion } from "../../src/model/dictionary.ts";
import type { DictionaryStore } from "../../src/ports/dictionary-store.ts";
import { rejectionOf } from "../fakes/error-of.ts";

const gain = { samples: 1, originalBytes: 3, plainBytes: 2, dictionaryBytes: 1 };
const version = (namespace: string, id: string, state: DictionaryState): DictionaryVersion => ({
  namespace,
  id,
  state,
  bytes: 9,
  addedAt: 1,
  gain,
});

/** A store whose contents the test may change; it counts what is read. */
function fakeStore(versions: DictionaryVersion[]) {
  const contents = new Map<string, Uint8Array | Error>();
  const reads: string[] = [];
  const store: DictionaryStore = {
    list: async () => {
      reads.push("list");
      return [...versions];
    },
    read: async (id) => {
      reads.push(id);
      const content = contents.get(id);
      if (content instanceof Error) throw content;
      return content;
    },
    keep: () => Promise.reject(new Error("a shelf keeps nothing")),
    change: () => Promise.reject(new Error("a shelf changes nothing")),
  };
  return { store, versions, contents, reads };
}

test("finds every version of its own namespace, and knows the current one", async () => {
  const fake = fakeStore([version("n", "a", "retired"), version("n", "b", "current")]);
  fake.contents.set("a", utf8("A")).set("b", utf8("B"));
  const shelf = await dictionaryShelf(fake.store);
  expect([shelf.current("n"), shelf.current("m")]).toEqual(["b", undefined]);
  expect([shelf.find("n", "a"), shelf.find("n", "b")]).toEqual([utf8("A"), utf8("B")]);
  expect([shelf.find("m", "a"), shelf.find("n", "c")]).toEqual([undefined, undefined]);
  expect(fake.reads).toEqual(["list", "a", "b"]);
});

test("sees a roll when it is refreshed, and reads only what is new", async () => {
  const fake = fakeStore([version("n", "a", "current")]);
  fake.contents.set("a", utf8("A")).set("b", utf8("B"));
  const shelf = await dictionaryShelf(fake.store);
  fake.versions.splice(0, 1, version("n", "a", "old"), version("n", "b", "current"));
  expect(shelf.current("n")).toBe("a");
  await shelf.refresh();
  expect([shelf.current("n"), shelf.find("n", "a")]).toEqual(["b", utf8("A")]);
  expect(fake.reads).toEqual(["list", "a", "list", "b"]);
});

test("fetches what has come since, once for all who miss it", async () => {
  const fake = fakeStore([]);
  const shelf = await dictionaryShelf(fake.store);
  fake.versions.push(version("n", "a", "new"));
  fake.contents.set("a", utf8("A"));
  const fetched = await Promise.all([1, 2, 3].map(() => shelf.fetch("n", "a")));
  expect(fetched).toEqual([utf8("A"), utf8("A"), utf8("A")]);
  expect(fake.reads).toEqual(["list", "list", "a"]);
});

test("does not take a reading that began before a dictionary came for the last word", async () => {
  const fake = fakeStore([]);
  const shelf = await dictionaryShelf(fake.store);
  const early = shelf.refresh();
  fake.versions.push(version("n", "a", "new"));
  fake.contents.set("a", utf8("A"));
  expect(await shelf.fetch("n", "a")).toEqual(utf8("A"));
  await early;
});

test("forgets what was removed", async () => {
  const fake = fakeStore([version("n", "a", "retired")]);
  fake.contents.set("a", utf8("A"));
  const shelf = await dictionaryShelf(fake.store);
  fake.versions.pop();
  expect(await shelf.fetch("n", "a")).toBeUndefined();
  expect(shelf.find("n", "a")).toBeUndefined();
});

test("one that cannot be read is not at hand, and says why when it is fetched", async () => {
  const fake = fakeStore([version("n", "a", "current"), version("n", "b", "old")]);
  fake.contents.set("a", new Error("scratched")).set("b", utf8("B"));
  const shelf = await dictionaryShelf(fake.store);
  expect([shelf.find("n", "a"), shelf.find("n", "b")]).toEqual([undefined, utf8("B")]);
  expect((await rejectionOf(shelf.fetch("n", "a")))?.message).toBe(
    "DATA_LOSS: dictionary a cannot be read: scratched",
  );
  fake.contents.set("a", utf8("A"));
  expect(await shelf.fetch("n", "a")).toEqual(utf8("A"));
});

test("keeps what it has when the store does not answer", async () => {
  const fake = fakeStore([version("n", "a", "current")]);
  fake.contents.set("a", utf8("A"));
  let isDown = false;
  const list = async () => {
    if (isDown) throw new Error("no disk");
    return fake.versions;
  };
  const shelf = await dictionaryShelf({ ...fake.store, list });
  isDown = true;
  expect((await rejectionOf(shelf.refresh()))?.code).toBe("UNAVAILABLE");
  expect((await rejectionOf(shelf.fetch("n", "b")))?.message).toContain("no disk");
  expect([shelf.current("n"), shelf.find("n", "a")]).toEqual(["a", utf8("A")]);
});
