/** Fingerprints do not depend on the version of Node: this one and the newest that npm has. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kvdalJson, type SimJson } from "./kvdal.ts";
import { THOUSAND, thousand } from "./thousand.ts";

/** Installs the newest Node where it disturbs nothing, and returns its binary. */
function newestNode(): string {
  const folder = join(import.meta.dirname, "..", "..", ".kvdal", "newest-node");
  mkdirSync(folder, { recursive: true });
  // Npm 11 asks before it runs install scripts; the one of `node` is what puts the binary in its place.
  const manifest = {
    private: true,
    dependencies: { node: "latest" },
    allowScripts: { node: true },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  execFileSync("npm", ["install", "--no-package-lock"], { cwd: folder, stdio: "pipe" });
  return join(folder, "node_modules", ".bin", "node");
}

test("1,000 seeds give equal fingerprints on this Node and on the newest from npm", async () => {
  const newest = newestNode();
  const version = execFileSync(newest, ["--version"], { encoding: "utf8" }).trim();
  const here = await thousand();
  const there = await kvdalJson<SimJson>(["sim", "--seeds", `${THOUSAND}`], { node: newest });
  console.log(`${process.version} and ${version}: ${here.fingerprint}`);
  expect(version).not.toBe(process.version);
  expect([here.worlds, there.worlds]).toEqual([THOUSAND, THOUSAND]);
  expect(there.fingerprint).toBe(here.fingerprint);
}, 600_000);
