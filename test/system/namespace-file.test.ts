/**
 * Goal: a file's change is noticed however it is made, a touch is none, and an aborted wait leaves nothing (NS-5).
 * Method: a real folder; each change as an editor, a deployment or a shell would make it.
 */
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { NamespaceDocument } from "../../src/ports/namespace-source.ts";
import { namespaceFile } from "../../src/system/namespace-file.ts";

let folder: string;
let path: string;
let first: NamespaceDocument;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvdal-source-"));
  path = join(folder, "profiles.yaml");
  writeFileSync(path, "one");
  first = await namespaceFile(path).current(neverAborted);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Waits for a change that is made once the wait is on. */
async function changed(make: () => void): Promise<NamespaceDocument> {
  const wait = namespaceFile(path).changes(first.version, neverAborted);
  await delay(100);
  make();
  return wait;
}

test("it is named after the file, and its version is its text's", async () => {
  expect(namespaceFile(path)).toMatchObject({ name: path, fallbackName: "profiles" });
  expect(first.text).toBe("one");
  writeFileSync(path, "one");
  expect(await namespaceFile(path).current(neverAborted)).toEqual(first);
});

test("a change before the wait is noticed at once", async () => {
  writeFileSync(path, "two");
  expect((await namespaceFile(path).changes(first.version, neverAborted)).text).toBe("two");
});

test("a file written over is noticed", async () => {
  expect((await changed(() => writeFileSync(path, "two"))).text).toBe("two");
});

test("a file put in its place is noticed", async () => {
  const found = await changed(() => {
    writeFileSync(`${path}.new`, "two");
    renameSync(`${path}.new`, path);
  });
  expect(found.text).toBe("two");
});

test("a file that is away for a while is noticed when it is back", async () => {
  const found = await changed(() => {
    unlinkSync(path);
    setTimeout(() => writeFileSync(path, "two"), 150);
  });
  expect(found.text).toBe("two");
});

test("a link that is turned to another folder is noticed", async () => {
  for (const version of ["1", "2"]) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, "linked.yaml"), version);
  }
  symlinkSync("1", join(folder, "data"));
  unlinkSync(path);
  symlinkSync(join("data", "linked.yaml"), path);
  first = await namespaceFile(path).current(neverAborted);
  const found = await changed(() => {
    symlinkSync("2", join(folder, "data.new"));
    renameSync(join(folder, "data.new"), join(folder, "data"));
  });
  expect(found.text).toBe("2");
});

test("a touch is no change, and an abort ends the wait", async () => {
  const abort = new AbortController();
  const wait = namespaceFile(path).changes(first.version, abort.signal);
  const ended = wait.catch(String);
  await delay(50);
  utimesSync(path, new Date(), new Date());
  writeFileSync(join(folder, "another"), "file");
  await delay(150);
  abort.abort(new Error("enough"));
  expect(await ended).toBe("Error: enough");
  await expect(namespaceFile(path).changes("", abort.signal)).rejects.toThrow("enough");
});
