/** What a reader copies into a shell is one word there, and what an engine says is shown, not obeyed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shellWord } from "../../sim/words/shell-word.ts";
import { visible } from "../../src/cli/visible.ts";
import { kvdal } from "../sim/kvdal.ts";

const folder = mkdtempSync(join(tmpdir(), "kvdal visible's-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An engine that loses rows, and one whose errors would colour a terminal and clear it. */
function engineFile(name: string, read: string): string {
  const file = join(folder, `${name}.mts`);
  writeFileSync(
    file,
    `import { memory } from "kvdal";
export const engine = {
  ...memory(),
  open: async (context) => {
    const engine = await memory().open(context);
    return { ...engine, readRange: async (...read) => { ${read} } };
  },
};`,
  );
  return file;
}

/** The arguments that a shell makes of the line's end, from its verb on. */
function inShell(line: string, verb: string): readonly string[] {
  const words = line.slice(line.indexOf(` ${verb} `));
  return execFileSync("sh", ["-c", `printf '%s\\n' ${words}`], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
}

function linesWith(stdout: string, what: string): readonly string[] {
  return stdout.split("\n").filter((line) => line.includes(what));
}

test.each([
  ["plans/page-2-7.json", "plans/page-2-7.json"],
  ["my plans/a.json", "'my plans/a.json'"],
  ["it's", "'it'\\''s'"],
  ["$HOME;*", "'$HOME;*'"],
  ["", "''"],
])("shellWord(%j) is %s", (text, word) => {
  expect(shellWord(text)).toBe(word);
  expect(execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" })).toBe(text);
});

test("visible() spells what a terminal obeys, and leaves lines and tabs", () => {
  expect(visible("a\u001b[31mb\r\n\tc\u009bd")).toBe("a\\u001b[31mb\\u000d\n\tc\\u009bd");
});

test("lines to be copied hold paths with blanks and quotes", async () => {
  const file = engineFile(
    "loses",
    "const page = await engine.readRange(...read); return { ...page, rows: page.rows.slice(1) };",
  );
  const [sim, conformance] = await Promise.all([
    kvdal(["sim", "--engine", file, "--seeds", "3", "--keep", join(folder, "plans")]),
    kvdal(["conformance", file, "--case", "order/*", "--timeout", "9", "--chunk-above", "5"]),
  ]);
  const [repeat = ""] = linesWith(sim.stdout, "repeat:");
  expect(inShell(repeat, "sim").slice(-2)).toEqual(["--engine", file]);
  const [next = ""] = linesWith(sim.stdout, "explain");
  const [, plan = ""] = inShell(next.replace(/^Next +/, "").replace(/ {3}.*/, ""), "explain");
  expect(JSON.parse(readFileSync(plan, "utf8"))).toMatchObject({ engine: file });
  const [again = ""] = linesWith(conformance.stdout, "repeat:");
  expect(inShell(again, "conformance").slice(1, -1)).toEqual([
    file,
    "--chunk-above",
    "5",
    "--timeout",
    "9",
    "--case",
  ]);
}, 60_000);

test("an engine's errors do not reach a terminal as they are", async () => {
  const file = engineFile("loud", 'throw new Error("\\u001b[2J\\u001b[31mgone");');
  const runs = await Promise.all([
    kvdal(["conformance", file, "--case", "order/*"]),
    kvdal(["sim", "--engine", file, "--seeds", "2"]),
  ]);
  for (const { stdout, stderr } of runs) {
    expect(stdout + stderr).toContain("\\u001b[2J");
    expect(stdout + stderr).not.toContain("\u001b");
  }
}, 60_000);
