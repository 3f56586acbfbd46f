/**
 * The published package works for somebody else. Method: build and pack as a release would, install
 * the tarball into an empty folder, and use every export of package.json there: at run time on plain
 * Node, where none of the optional peers is installed, and in the eyes of the compiler.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POINTS } from "../sim/amplify/list.ts";
import { kvdalJson, type SimJson } from "./sim/kvdal.ts";
import { PROJECT_ROOT, runProgram } from "./steps/run-program.ts";
import { entryPoints, readManifest } from "./tidy/project.ts";

const manifest = readManifest();
const exported = entryPoints(manifest).byName;
const names = [...exported.keys()];

/** The house rules report these by name (`missing-entry`); there is no package to pack without them. */
const isComplete = [...exported.values()].every((path) => existsSync(join(PROJECT_ROOT, path)));

let folder = "";

/** An adapter as its author would begin it, over the engine in memory, whose ranges come the wrong way round. */
const BACKWARDS = `
import { memory } from "kvdal";
import type { EngineUnderTest } from "kvdal/conformance";
import type { StorageEngine } from "kvdal/engine";

export const openEngine = async (): Promise<EngineUnderTest> => ({
  adapter: {
    name: "backwards",
    open: async (context): Promise<StorageEngine> => {
      const inner = await memory().open(context);
      const readRange: StorageEngine["readRange"] = async (read, call) => {
        const page = await inner.readRange(read, call);
        return { ...page, rows: page.rows.toReversed() };
      };
      return { ...inner, readRange };
    },
  },
});
`;

const run = async (program: string, args: readonly string[], cwd: string): Promise<string> => {
  const { code, output } = await runProgram(program, args, { output: "keep", cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output}`);
  return output;
};

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe.skipIf(!isComplete)("the packed package", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kvdal-package-"));
    await run("npm", ["pack", "--pack-destination", folder], PROJECT_ROOT);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", ["install", ...quiet, "--prefix", folder, `./${tarball}`], folder);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("brings no engine's client library along", () => {
    const installed = readdirSync(join(folder, "node_modules"));
    expect(installed).toContain(manifest.name);
    const peers = Object.keys(manifest.peerDependencies).map((name) => name.split("/")[0]);
    expect(installed.filter((name) => peers.includes(name))).toEqual([]);
  });

  test("holds no sources and no tests", () => {
    const found = readdirSync(join(folder, "node_modules", manifest.name), { recursive: true });
    const stray = found.filter((path) => /(?<!\.d)\.ts$|\.test\./.test(String(path)));
    expect(stray).toEqual([]);
  });

  test("holds no amplification point: its own simulator puts them in, and finds the worlds of the sources", async () => {
    const installed = join(folder, "node_modules", manifest.name);
    const built = (path: string): string =>
      readFileSync(join(installed, "dist", path.replace(/\.ts$/, ".js")), "utf8");
    for (const { name, file, find } of POINTS) {
      expect([name, built(file).split(find).length - 1]).toEqual([name, 1]);
      expect(built(file)).not.toContain(".amplify");
    }
    const args = ["sim", "--seeds", "12", "--workers", "2", "--no-corpus", "--json"];
    const program = join(folder, "node_modules/.bin/kvdal");
    const { fingerprint } = JSON.parse(await run(program, args, folder)) as SimJson;
    expect(fingerprint).toBe((await kvdalJson<SimJson>(args.slice(0, -1))).fingerprint);
  }, 60_000);

  test("judges an engine of somebody else, and says how to repeat what fails", async () => {
    write("engine.ts", BACKWARDS);
    const program = join(folder, "node_modules/.bin/kvdal");
    const kvdal = (...args: readonly string[]) =>
      runProgram(program, args, { output: "keep", cwd: folder });
    const judged = await kvdal("conformance", "./engine.ts", "--case", "order/*");
    expect(judged.code).toBe(1);
    expect(judged.output).toContain("rules:   DATA-2");
    expect(judged.output).toContain(
      "repeat:  npx kvdal conformance ./engine.ts --case order/unsigned-bytes",
    );
    const worlds = await kvdal("sim", "--engine", "./engine.ts", "--seeds", "5", "--no-corpus");
    expect(worlds.code).toBe(1);
    expect(worlds.output).toMatch(/repeat: npx kvdal sim --seed \d+ --engine \.\/engine\.ts/);
  }, 60_000);

  test.each(names)("lets plain Node import %s without any optional peer", async (name) => {
    const script = `console.log(Object.keys(await import(${JSON.stringify(name)})).length)`;
    const output = await run("node", ["--input-type=module", "--eval", script], folder);
    // A door that has only types to offer has no names at run time.
    expect(Number(output)).toBeGreaterThanOrEqual(0);
  });

  test("type-checks in a strict project, its declarations included", async () => {
    const uses = names.map((name, i) => `import * as m${i} from "${name}";\nconsole.log(m${i});`);
    write("consumer.ts", uses.join("\n"));
    const compilerOptions = {
      strict: true,
      noEmit: true,
      // Our own declarations are part of what is checked.
      skipLibCheck: false,
      module: "nodenext",
      target: "es2024",
      lib: ["es2024", "esnext.disposable"],
      types: ["node"],
      typeRoots: [join(PROJECT_ROOT, "node_modules/@types")],
    };
    write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    expect(await run("tsc", ["-p", "."], folder)).toBe("");
  }, 60_000);

  test("says which Node it needs where it meets an older one", async () => {
    const older = "{value:{...process.versions,node:'20.1.0'}}";
    const pretend = `data:text/javascript,Object.defineProperty(process,'versions',${older})`;
    const bin = join(folder, "node_modules/.bin/kvdal");
    const options = { output: "keep", cwd: folder } as const;
    const { code, output } = await runProgram(
      "node",
      ["--import", pretend, bin, "--help"],
      options,
    );
    expect([code, output]).toEqual([
      2,
      "kvdal: this is Node 20.1.0, wanted 24.12 or newer; npm install --save-dev node@24 brings one\n",
    ]);
  });

  test.each(Object.keys(manifest.bin))(
    "installs the program %s, which explains itself",
    async (name) => {
      expect(await run(join(folder, "node_modules/.bin", name), ["--help"], folder)).toContain(
        name,
      );
    },
  );
});
