import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { EntryPoints } from "./dead-files.ts";
import type { LockFile } from "./lock-file.ts";
import type { SourceText } from "./source-file.ts";

/** The rules hold here; generated code and what is not TypeScript or JavaScript is left alone. */
const FOLDERS: readonly string[] = ["src", "sim", "conformance", "bench", "test"];

export const PROJECT_ROOT: string = join(import.meta.dirname, "../..");

export function readProject(): SourceText[] {
  const folders = FOLDERS.filter((folder) => existsSync(join(PROJECT_ROOT, folder)));
  return folders.flatMap((folder) =>
    readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((path) => [folder, ...path.split(sep)].join("/"))
      .filter((path) => /\.(ts|mjs)$/.test(path) && !path.includes("/generated/"))
      .map((path) => ({ path, text: readFileSync(join(PROJECT_ROOT, path), "utf8") })),
  );
}

type Manifest = {
  readonly name: string;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8")) as Manifest;
}

export function readLock(): LockFile {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, "package-lock.json"), "utf8")) as LockFile;
}

export function entryPoints(manifest: Manifest): EntryPoints {
  const byName = Object.entries(manifest.exports).map(([key, conditions]): [string, string] => [
    manifest.name + key.slice(1),
    (conditions["kvdal-source"] ?? "").slice(2),
  ]);
  const programs = Object.values(manifest.scripts).flatMap((script) =>
    script.split(" ").filter((word) => /\.(ts|mjs)$/.test(word)),
  );
  const installed = Object.values(manifest.bin).map((path) =>
    path.replace("./dist/", "").replace(/\.js$/, ".ts"),
  );
  return { byName: new Map(byName), programs: [...new Set([...programs, ...installed])] };
}
