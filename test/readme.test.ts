/** README's examples type-check and run as they stand, and print what README says. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SCRATCH = join(ROOT, ".kvdal");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** Each example with the output that stands between it and the next one. */
const EXAMPLES = README.split("```ts\n")
  .slice(1)
  .map((part) => ({
    code: part.split("```")[0] ?? "",
    output: /```text\n([\s\S]*?)```/.exec(part)?.[1],
  }));

test("README has an example in memory, one on disk, and one of lists and scans", () => {
  expect(EXAMPLES.map(({ code }) => code.includes("rocksdb("))).toEqual([false, true, false]);
});

test.each(EXAMPLES)(
  "README's example prints $output",
  ({ code, output }) => {
    // Inside the package, so that the example finds it by its name; what it stores goes with the folder.
    mkdirSync(SCRATCH, { recursive: true });
    const folder = mkdtempSync(join(SCRATCH, "readme-"));
    const run = (...args: readonly string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: "utf8",
      });
      return stdout + stderr;
    };
    try {
      writeFileSync(join(folder, "example.ts"), code);
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../tsconfig.json", include: ["example.ts"] }),
      );
      // Types are stripped when it runs, so a wrong call would show only in what it prints.
      expect(run(TSC, "--noEmit", "-p", "tsconfig.json")).toBe("");
      expect(run("--conditions=kvdal-source", "example.ts")).toBe(output);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
