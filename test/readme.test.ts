/** README's example runs as it stands. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

test("README's example prints the two items, page by page", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  // Inside the package, so that it finds itself by its name.
  const folder = mkdtempSync(join(ROOT, "test", "readme-"));
  try {
    const file = join(folder, "example.ts");
    writeFileSync(file, example);
    const output = execFileSync(process.execPath, ["--conditions=kvdal-source", file], {
      encoding: "utf8",
    });
    expect(output).toBe("name = Ada Lovelace\nsession/1 = laptop\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);
