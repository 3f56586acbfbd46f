// Goal: a folder keeps versions and contents through restarts and failures, and says so when it cannot.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { utf8 } from "../../src/model/bytes.ts";
import { withCurrent, withNew, without, withRetired } from "../../src/policy/roll-dictionary.ts";
import type { DictionaryStore, DictionaryVersions } from "../../src/ports/dictionary-store.ts";
import { fileDictionaries } from "../../src/system/file-dictionaries.ts";
import { rejectionOf } from "../fakes/error-of.ts";

let folder = "";
let store: DictionaryStore;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "kvdal-dictionaries-")), "deep", "down");
  store = fileDictionaries(folder);
});
afterEach(() => rmSync(join(folder, "../.."), { recursive: true, force: true }));

const gain = { samples: 1, originalBytes: 3, plainBytes: 2, dictionaryBytes: 1 };

async function add(text: string, namespace = "n"): Promise<string> {
  const id = await store.keep(utf8(text));
  const added = { namespace, id, bytes: text.length, addedAt: 1, gain };
  await store.change((versions) => withNew(versions, added));
  return id;
}

const states = (versions: DictionaryVersions): readonly string[] =>
  versions.map(({ state }) => state);

test("a folder that is not there is an empty store", async () => {
  expect([await store.list(), await store.read("abcdef012345")]).toEqual([[], undefined]);
});

test("what one store has written another reads", async () => {
  const id = await add("content");
  const other = fileDictionaries(folder);
  expect(await other.list()).toEqual([
    { namespace: "n", id, state: "new", bytes: 7, addedAt: 1, gain },
  ]);
  const content = await other.read(id);
  expect(content).toEqual(utf8("content"));
  expect(content?.buffer.byteLength).toBe(7);
});

test("ids follow from the content", async () => {
  expect(await add("content")).toBe(await add("content", "other"));
  expect(await add("content")).toMatch(/^[0-9a-f]{12}$/);
  expect(await add("more")).not.toBe(await add("content"));
});

test("content goes with the last version that names it", async () => {
  const id = await add("content");
  await add("content", "other");
  const remove = (namespace: string) =>
    store.change((versions) => without(withRetired(versions, namespace, id), namespace, id));
  await remove("n");
  expect(await store.read(id)).toEqual(utf8("content"));
  await remove("other");
  expect(await store.read(id)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["index.json"]);
});

test("changes do not overtake each other, and a refused one changes nothing", async () => {
  await add("a");
  await add("b");
  const ids = (await store.list()).map(({ id }) => id);
  const rolls = ids.map((id) => store.change((versions) => withCurrent(versions, "n", id)));
  const refused = store.change((versions) => withCurrent(versions, "n", "none"));
  expect((await rejectionOf(refused))?.code).toBe("INVALID_ARGUMENT");
  expect(states(await rolls[1]!)).toEqual(["old", "current"]);
  expect(states(await store.list())).toEqual(["old", "current"]);
});

test("a scratched content is an error, not another dictionary", async () => {
  const id = await add("content");
  writeFileSync(join(folder, `${id}.zdict`), "Content");
  await expect(store.read(id)).rejects.toThrow(`wanted ${id}`);
});

test.each([
  ["no JSON", "{", "is no JSON"],
  ["another format", '{"format":2,"versions":[]}', "of format 1"],
  ["no list", '{"format":1,"versions":{}}', "of format 1"],
  [
    "a version without a state",
    '{"format":1,"versions":[{"id":"0a","namespace":"n"}]}',
    "format 1",
  ],
])("an index with %s is an error, and stays as it is", async (_what, text, says) => {
  await add("content");
  writeFileSync(join(folder, "index.json"), text);
  await expect(store.list()).rejects.toThrow(says);
  await expect(store.change((versions) => versions)).rejects.toThrow(says);
  expect(readFileSync(join(folder, "index.json"), "utf8")).toBe(text);
});

test("a folder that cannot be written is an error that names the file", async () => {
  const blocked = fileDictionaries(join(import.meta.filename, "below-a-file"));
  await expect(blocked.keep(utf8("content"))).rejects.toThrow(/\.zdict cannot be written: ENOTDIR/);
});
