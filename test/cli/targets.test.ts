/** Files that verbs write: tried before, without a trace, and missed in the end without a loss. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noSums } from "../../sim/index.ts";
import { askedLine, freshState } from "../../sim/campaign/state.ts";
import { Ledger } from "../../src/cli/sim/ledger.ts";
import { targetsOf, tryTargets, written } from "../../src/cli/targets.ts";
import { PLAIN } from "../fakes/asked.ts";

let folder = "";
let said = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvdal-targets-"));
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test("what can be written is tried without a trace", () => {
  const old = join(folder, "old.xml");
  writeFileSync(old, "of the last run");
  mkdirSync(join(folder, "plans"));
  tryTargets(
    targetsOf(
      { junit: old, html: join(folder, "new.html"), state: undefined },
      { keep: join(folder, "plans"), out: join(folder, "a/b/c") },
    ),
  );
  expect(readFileSync(old, "utf8")).toBe("of the last run");
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(new Set(left)).toEqual(new Set(["old.xml", "plans"]));
});

test.each<readonly [what: string, kind: "file" | "folder", path: string, says: string]>([
  ["no folder", "file", "no/j.xml", "there is no folder FOLDER/no, wanted a file"],
  ["a folder", "file", ".", "FOLDER/. is a folder, wanted a file"],
  ["a file below a file", "file", "file/j.xml", "FOLDER/file is no folder, wanted a file"],
  ["a file", "folder", "file", "FOLDER/file is no folder, wanted a folder"],
  ["a folder below a file", "folder", "file/a/b", "FOLDER/file is no folder, wanted a folder"],
])("%s is refused as a %s", (_what, kind, path, says) => {
  writeFileSync(join(folder, "file"), "");
  const at = { out: `${folder}/${path}` };
  const refused = (): void => tryTargets(kind === "file" ? targetsOf(at) : targetsOf({}, at));
  expect(refused).toThrow(
    `--out ${folder}/${path} cannot be written: ${says.replace("FOLDER", folder)}`,
  );
});

test("what cannot be written in the end is said in one line", async () => {
  const path = join(folder, "gone/j.xml");
  const target = { option: "--junit", path, kind: "file" } as const;
  expect(await written(target, () => writeFile(path, ""))).toBe(false);
  expect(said).toMatch(/^kvdal: --junit .* there is no folder .*\n$/);
  expect(said.split("\n")).toHaveLength(2);
});

test("a campaign whose file is gone goes on, says so once, and knows", () => {
  const file = join(folder, "state.jsonl");
  const asked = { ...PLAIN, seeds: 9 };
  writeFileSync(file, askedLine(asked));
  const ledger = new Ledger(freshState(asked), file);
  const take = (from: number): void => {
    const sums = noSums();
    sums.counts.worlds = 1;
    ledger.take({ range: { from, count: 1 }, sums });
    ledger.flush();
  };
  take(0);
  expect(ledger.isSaved).toBe(true);
  rmSync(folder, { recursive: true });
  take(1);
  take(2);
  expect(ledger.isSaved).toBe(false);
  expect(ledger.state.sums.counts.worlds).toBe(3);
  expect(said.match(/--state .* cannot be written/g)).toHaveLength(1);
});
