// Goal: a dictionary's whole life from the command line, and refusals that say what is wanted. Method: as users do.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonDocuments } from "../../bench/compression/json-documents.ts";
import { fromUtf8 } from "../../src/model/bytes.ts";
import type { DictionaryVersion } from "../../src/model/dictionary.ts";
import { kvdal, kvdalJson } from "../sim/kvdal.ts";

let folder = "";
const lines = (seed: number, end: string): string =>
  jsonDocuments(100, seed).map(fromUtf8).join(end);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kvdal-dictionary-"));
  writeFileSync(join(folder, "a.ndjson"), `${lines(1, "\n")}\n`);
  writeFileSync(join(folder, "crlf.jsonl"), lines(1, "\r\n\r\n"));
  mkdirSync(join(folder, "files"));
  for (const [i, sample] of jsonDocuments(100, 2).entries()) {
    writeFileSync(join(folder, "files", `${i}.json`), sample);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dictionary = (store: string, ...args: readonly string[]) =>
  ["dictionary", ...args, "--store", join(folder, store)] as const;
const states = (versions: readonly DictionaryVersion[]): readonly string[] =>
  versions.map(({ state }) => state);

describe("kvdal dictionary", { timeout: 120_000 }, () => {
  test("trains, rolls, lists, retires and removes", async () => {
    const run = <T>(...args: readonly string[]): Promise<T> =>
      kvdalJson<T>(dictionary("s", ...args));
    const list = (): Promise<readonly DictionaryVersion[]> => run("list", "profiles");
    const a = await run<DictionaryVersion>("train", "profiles", join(folder, "a.ndjson"));
    const files = join(folder, "files");
    const b = await run<DictionaryVersion>("train", "profiles", files, "--max-bytes", "4096");
    expect([a.state, b.state, b.bytes <= 4096]).toEqual(["new", "new", true]);
    expect(a.gain.dictionaryBytes).toBeLessThan(a.gain.plainBytes);
    await run("roll", "profiles", "--id", a.id);
    expect(states(await list())).toEqual(["current", "new"]);
    await run("roll", "profiles");
    expect(states(await list())).toEqual(["old", "current"]);
    await run("retire", "profiles", a.id);
    expect(states(await list())).toEqual(["retired", "current"]);
    await run("retire", "profiles", a.id, "--remove");
    expect((await list()).map(({ id }) => id)).toEqual([b.id]);
  });

  test("takes the same lines for the same samples, whatever ends them", async () => {
    const train = (file: string) =>
      kvdalJson<DictionaryVersion>(dictionary("t", "train", "profiles", join(folder, file)));
    expect((await train("a.ndjson")).id).toBe((await train("crlf.jsonl")).id);
  });

  test("says in plain words what there is", async () => {
    const train = await kvdal(dictionary("p", "train", "profiles", join(folder, "a.ndjson")));
    expect(train.stdout).toMatch(/^profiles +[0-9a-f]{12} +new .* % of the original, .* % without/);
    expect(train.stdout).toContain("kvdal dictionary roll profiles makes it current");
    expect((await kvdal(dictionary("empty", "list"))).stdout).toMatch(/^no dictionaries in /);
  });

  test.each([
    [[], ["Usage: kvdal dictionary", "Examples:"]],
    [["swim"], ["unknown command 'swim'", "kvdal dictionary --help"]],
    [["train", "profiles"], ["missing required argument 'file'"]],
    [
      ["train", "profiles", "nowhere.ndjson"],
      ["nowhere.ndjson cannot be read", "wanted a file"],
    ],
    [
      ["train", "profiles", "package.json"],
      ["1 samples", "wanted at least 20"],
    ],
    [
      ["train", "profiles", "package.json", "--max-bytes", "5"],
      ["'5'", "from 1024 to 114688"],
    ],
    [["roll", "profiles"], ["namespace profiles has no dictionaries"]],
    [["retire", "profiles", "0a1b"], ["no dictionary 0a1b"]],
  ])("refuses %j with exit code 2", async (args, says) => {
    const run = await kvdal([
      "dictionary",
      ...args,
      ...(args.length < 2 ? [] : ["--store", folder]),
    ]);
    for (const text of says) expect(run.stderr).toContain(text);
    expect(run.code).toBe(2);
  });

  test("ends with exit code 1 when nothing can be saved", async () => {
    const noise = Array.from({ length: 40 }, (_, i) => `${i}${"x".repeat(i)}`).join("\n");
    writeFileSync(join(folder, "noise.ndjson"), noise);
    const run = await kvdal(dictionary("n", "train", "profiles", join(folder, "noise.ndjson")));
    expect(run.stderr).toContain("no dictionary saves anything on these 40 samples");
    expect(run.code).toBe(1);
  });
});
