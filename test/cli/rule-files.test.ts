/** Where code names a rule: what explain points at is there, and names it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fileLines } from "../../sim/explain/rule-lines.ts";
import { filesNaming } from "../../src/cli/rule-files.ts";

const mentions = (path: string, rule: string): number =>
  readFileSync(path, "utf8").match(new RegExp(`\\b${rule}\\b`, "g"))?.length ?? 0;

test("files that name a rule are found, the one that names it most often first", async () => {
  const files = await filesNaming("CHUNK-4");
  expect(files).toContain("src/service/collect-chunks.ts");
  const counts = files.map((path) => mentions(path, "CHUNK-4"));
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(files.filter((path) => path.startsWith("src/cli/"))).toEqual([]);
});

test("no file names a rule that is none", async () => {
  expect(await filesNaming("NO-SUCH-1")).toEqual([]);
});

test("five files are named at most, and how to find the others", () => {
  expect(fileLines("PUT-3", [])).toEqual([]);
  expect(fileLines("PUT-3", ["src/a.ts", "src/b.ts"])).toEqual([
    "Code that names PUT-3: src/a.ts, src/b.ts.",
  ]);
  const many = ["a", "b", "c", "d", "e", "f", "g"].map((name) => `src/${name}.ts`);
  const said = fileLines("PUT-3", many).join(" ").replaceAll(/ +/g, " ");
  expect(said).toContain("src/d.ts, src/e.ts, and 2 more: grep -rn PUT-3 src.");
  expect(said).not.toContain("src/f.ts");
});
