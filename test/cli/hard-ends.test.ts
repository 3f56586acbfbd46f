/** What ends a verb in the middle, or takes its output away, loses nothing and is not taken for success. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FLAGS, kvdal, kvdalEach, MAIN } from "../sim/kvdal.ts";

const folder = mkdtempSync(join(tmpdir(), "kvdal-ends-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module with an engine in memory of which something is replaced. */
function engineFile(name: string, replaced: string): string {
  const file = join(folder, `${name}.mts`);
  const text = [
    'import { memory } from "kvdal";',
    "const open = async (context) => {",
    "  const engine = await memory().open(context);",
    `  return { ...engine, ${replaced} };`,
    "};",
    "export const engine = { ...memory(), open };",
  ];
  writeFileSync(file, text.join("\n"));
  return file;
}

const loses = engineFile(
  "loses",
  "readRange: async (...read) => { const page = await engine.readRange(...read); return { ...page, rows: page.rows.slice(1) }; }",
);

const few = ["--seeds", "5", "--no-corpus"];

describe("an engine of somebody's own", () => {
  test("that never answers ends the campaign as a crash, not as nothing", async () => {
    const file = engineFile("hangs", "provision: () => new Promise(() => {})");
    const { code, stderr } = await kvdal(["sim", "--engine", file, ...few]);
    expect([code, stderr]).toEqual([5, expect.stringContaining("it did not come to its end")]);
  });

  test("that ends the process is no success", async () => {
    const file = engineFile("exits", "provision: () => process.exit(0)");
    const { code, stderr } = await kvdal(["conformance", file, "--case", "data/every-byte"]);
    expect([code, stderr]).toEqual([5, expect.stringContaining("it did not come to its end")]);
  });

  test("that does not open is not available; one that does not close loses no report", async () => {
    const shut = join(folder, "shut.mts");
    writeFileSync(
      shut,
      'export const engine = { open: async () => { throw new Error("shut"); } };',
    );
    const open = engineFile("open", 'close: async () => { throw new Error("no end"); }');
    const [closed, left] = await Promise.all([
      kvdal(["conformance", shut, "--case", "data/every-byte"]),
      kvdal(["conformance", open, "--case", "data/every-byte", "--json"]),
    ]);
    expect(closed.code).toBe(3);
    expect(closed.stderr).toContain(`${shut} did not open its engine: shut\n`);
    expect(closed.stderr).not.toMatch(/^ {4}at /m);
    expect(left.code).toBe(0);
    expect(JSON.parse(left.stdout)).toMatchObject({ passed: 1, failed: 0 });
    expect(left.stderr).toContain("not cleaned up after");
  });

  test("is named in the plans that are kept of it, as on the command line", async () => {
    const plans = join(folder, "plans");
    const { code, stdout } = await kvdal(["sim", "--engine", loses, ...few, "--keep", plans]);
    expect(code).toBe(1);
    const [, file = ""] = /^ {4}kept: {3}(\S+)$/m.exec(stdout) ?? [];
    expect(file).toMatch(/\/page-2-\d+-loses\.json$/);
    const again = await kvdal(["replay", file]);
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining("repeats: PAGE-2")]);
  });
});

test("whoever stops reading gets the verdict and the reports all the same", async () => {
  const junit = join(folder, "cut.xml");
  const args = ["sim", "--engine", loses, ...few, "--junit", junit];
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // As of `2>&1 | head`, which ends what is said of the progress, too.
  child.stdout.destroy();
  child.stderr.destroy();
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(1);
  expect(readFileSync(junit, "utf8")).toContain("</testsuites>");
});

test("outputs that would take the place of each other, or of what is read, are refused", async () => {
  const file = join(folder, "state.jsonl");
  writeFileSync(file, "{}\n");
  const runs = await kvdalEach([
    ["sim", "--seeds", "1", "--junit", join(folder, "a"), "--html", join(folder, "a")],
    ["sim", "--seeds", "1", "--state", file, "--html", file],
    ["merge", file, "--junit", file],
    ["diagram", file, "--out", file],
    ["sim", "--for", "600h"],
  ]);
  for (const { code } of runs) expect(code).toBe(2);
  expect(runs.map(({ stderr }) => stderr).join("")).toMatch(
    /(?:is that of --\w+, too[^]*){2}(?:is what is read[^]*){2}of at most 24d/,
  );
  expect(readFileSync(file, "utf8")).toBe("{}\n");
});

test("worlds that stand twice in a campaign's file are not counted twice", async () => {
  const file = join(folder, "twice.jsonl");
  await kvdal(["sim", "--seeds", "3", "--no-corpus", "--state", file]);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text + text.slice(text.indexOf("\n") + 1));
  const { code, stderr } = await kvdal(["merge", file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("some worlds stand in it twice")]);
});

test("a line of a hunt's file that is none is told, with its place", async () => {
  const file = join(folder, "hunts.jsonl");
  const head = '{"kvdal":"mutants","seeds":2000,"trials":1,"seconds":7}';
  writeFileSync(file, `${head}\n{]\n`);
  const { code, stderr } = await kvdal(["mutants", "no-tie-break", "--state", file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("hunts.jsonl: line 2 is {], wanted")]);
});
