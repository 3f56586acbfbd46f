/** Fingerprints do not depend on the version of Node: this one and the newest that npm has. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runSameWorlds, SAME_WORLDS } from "./same-worlds.ts";

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

test("1,300 seeds give equal fingerprints on this Node and on the newest from npm", async () => {
  const newest = newestNode();
  const version = execFileSync(newest, ["--version"], { encoding: "utf8" }).trim();
  expect(version).not.toBe(process.version);
  const [here, there] = await Promise.all([runSameWorlds(), runSameWorlds([], { node: newest })]);
  const prints = here.map(({ fingerprint }) => fingerprint);
  console.log(`${process.version} and ${version}: ${prints.join(", ")}`);
  const seeds = SAME_WORLDS.map((worlds) => worlds.seeds);
  for (const results of [here, there]) expect(results.map(({ worlds }) => worlds)).toEqual(seeds);
  expect(there.map(({ fingerprint }) => fingerprint)).toEqual(prints);
}, 600_000);
