/**
 * The house rules can fail. Method: each row plants a text at a path and says which rules must
 * report it; rows with no rule show what stays allowed, so that no rule wins by reporting everything.
 */
import { describe, expect, test } from "vitest";
import { checkSource } from "./check-project.ts";
import { findDeadFiles } from "./dead-files.ts";
import { applyExceptions } from "./exceptions.ts";
import { checkLock, completeLock } from "./lock-file.ts";
import { parseSource } from "./source-file.ts";

type Row = readonly [path: string, text: string, ...rules: string[]];

const brokenBy = (path: string, text: string): string[] =>
  checkSource({ path, text }).map(({ rule }) => rule);

const load = (specifier: string): string => `import { x } from "${specifier}"; x();`;
const loadType = (specifier: string): string => `import type { X } from "${specifier}";`;

const IMPORTS: readonly Row[] = [
  ["src/model/a.ts", load("./b.ts")],
  ["src/model/a.ts", load("../ports/b.ts"), "import"],
  ["src/model/a.ts", loadType("../ports/b.ts"), "import"],
  ["src/model/a.ts", `export { x } from "../policy/b.ts";`, "import"],
  ["src/model/a.ts", `export type X = import("../ports/b.ts").X;`, "import"],
  ["src/model/a.ts", load("node:zlib"), "import"],
  ["src/ports/a.ts", load("../model/b.ts")],
  ["src/ports/a.ts", load("../policy/b.ts"), "import"],
  ["src/codec/a.ts", load("node:zlib")],
  ["src/codec/a.ts", load("../ports/b.ts")],
  ["src/codec/a.ts", load("node:fs"), "import"],
  ["src/codec/a.ts", load("../policy/b.ts")],
  ["src/codec/a.ts", load("../namespace/b.ts"), "import"],
  ["src/system/a.ts", load("../ports/b.ts")],
  ["src/system/a.ts", load("node:crypto")],
  ["src/system/a.ts", loadType("../model/b.ts")],
  ["src/system/a.ts", `import { type X } from "../model/b.ts";`],
  ["src/system/a.ts", `import { type X, y } from "../model/b.ts"; y();`, "import"],
  ["src/system/a.ts", load("../model/b.ts"), "import"],
  ["src/policy/a.ts", load("../model/b.ts")],
  ["src/policy/a.ts", loadType("../ports/b.ts"), "import"],
  ["src/namespace/a.ts", load("../codec/b.ts")],
  ["src/namespace/a.ts", load("../service/b.ts"), "import"],
  ["src/service/a.ts", load("../namespace/b.ts")],
  ["src/service/a.ts", load("../client/b.ts"), "import"],
  ["src/service/a.ts", load("../engines/memory/b.ts"), "import"],
  ["src/client/a.ts", load("../policy/b.ts")],
  ["src/client/a.ts", load("../service/b.ts"), "import"],
  ["src/client/a.ts", load("../system/b.ts"), "import"],
  ["src/rpc/a.ts", load("../service/b.ts")],
  ["src/rpc/a.ts", load("../policy/b.ts"), "import"],
  ["src/engines/shared/a.ts", load("../../model/b.ts")],
  ["src/engines/shared/a.ts", load("../memory/b.ts"), "import"],
  ["src/engines/shared/a.ts", load("cassandra-driver"), "import"],
  ["src/engines/cassandra/a.ts", load("../shared/b.ts")],
  ["src/engines/cassandra/a.ts", load("cassandra-driver")],
  ["src/engines/cassandra/a.ts", load("cassandra-driver/lib/types")],
  ["src/engines/cassandra/a.ts", load("node:net")],
  ["src/engines/cassandra/a.ts", load("memjs"), "import"],
  ["src/engines/cassandra/a.ts", load("../dynamodb/b.ts"), "import"],
  ["src/engines/cassandra/deep/a.ts", load("../b.ts")],
  ["src/engines/cassandra/a.ts", load("../../policy/b.ts"), "import"],
  ["src/engines/dynamodb/a.ts", load("@aws-sdk/client-dynamodb")],
  ["src/engines/dynamodb/a.ts", load("@aws-sdk/client-s3"), "import"],
  ["src/engines/memory/a.ts", load("node:fs"), "import"],
  ["src/open.ts", load("./engines/memory/b.ts")],
  ["src/index.ts", load("./cli/b.ts")],
  ["src/index.ts", load("../sim/index.ts"), "import"],
  ["src/cli/a.ts", load("../open.ts")],
  ["src/cli/a.ts", load("commander")],
  ["src/cli/a.ts", load("kvdal/sim")],
  ["src/cli/a.ts", load("kvdal/conformance")],
  ["src/cli/a.ts", load("../../sim/index.ts"), "import"],
  ["src/cli/a.ts", load("vitest"), "import"],
  ["sim/world/a.ts", load("kvdal/engine")],
  ["sim/world/a.ts", load("../check/b.ts")],
  ["sim/world/a.ts", load("../../src/model/b.ts"), "import"],
  ["sim/shrink/a.ts", load("../words/b.ts")],
  ["sim/shrink/a.ts", load("../explain/b.ts"), "import"],
  ["sim/words/a.ts", load("../workload/b.ts")],
  ["sim/words/a.ts", loadType("../trace/b.ts"), "import"],
  ["sim/words/a.ts", load("../explain/b.ts"), "import"],
  ["sim/trace/a.ts", load("../words/b.ts")],
  ["sim/trace/a.ts", load("../explain/b.ts"), "import"],
  ["sim/explain/a.ts", load("../trace/b.ts")],
  ["sim/world/a.ts", load("kvdal/conformance"), "import"],
  ["sim/world/a.ts", load("../../conformance/b.ts"), "import"],
  ["sim/world/a.ts", load("node:v8"), "import"],
  ["conformance/cases/a.ts", load("kvdal/sim/check")],
  ["conformance/cases/a.ts", load("kvdal/sim"), "import"],
  ["conformance/cases/a.ts", load("../backends/b.ts"), "import"],
  ["conformance/cases/a.ts", load("../../src/model/b.ts"), "import"],
  ["conformance/backends/a.ts", load("testcontainers")],
  ["conformance/backends/a.ts", load("../images/b.ts")],
  ["bench/macro/a.ts", load("kvdal/conformance")],
  ["bench/macro/a.ts", load("tinybench")],
  ["bench/macro/a.ts", load("../../src/model/b.ts"), "import"],
  ["test/deep/a.ts", load("../../src/model/b.ts")],
  ["test/deep/a.ts", load("vitest")],
  ["src/stray.ts", "export const x = 1;", "room"],
  ["src/attic/a.ts", "export const x = 1;", "room"],
  ["src/engines/a.ts", "export const x = 1;", "room"],
  ["src/model/a.ts", load("../attic/b.ts"), "import"],
];

const AMBIENT: readonly Row[] = [
  ["src/model/a.ts", "export const x = Date.now();", "ambient"],
  ["src/model/a.ts", "export const x = new Date();", "ambient"],
  ["src/model/a.ts", "export type X = Date; export let y: Date;"],
  ["src/model/a.ts", "export const x = performance.now();", "ambient"],
  ["src/policy/a.ts", "export const x = Math.random();", "ambient"],
  ["src/policy/a.ts", `export const x = Math["random"]();`, "ambient"],
  ["src/policy/a.ts", "export const { random } = Math;", "ambient"],
  ["src/policy/a.ts", "export const x = Math.floor(1.5);"],
  ["src/policy/a.ts", "export const x = crypto.randomUUID();", "ambient"],
  ["src/client/a.ts", "setTimeout(() => undefined, 1);", "ambient"],
  ["src/client/a.ts", "setInterval(() => undefined, 1);", "ambient"],
  ["src/client/a.ts", "setImmediate(() => undefined);", "ambient"],
  ["src/client/a.ts", "clearTimeout(1);", "ambient"],
  ["src/client/a.ts", "queueMicrotask(() => undefined);"],
  ["src/client/a.ts", "export const x = AbortSignal.timeout(5);", "ambient"],
  ["src/client/a.ts", "export const x = AbortSignal.any([]);"],
  ["src/client/a.ts", "export const x = new WeakRef({});", "ambient"],
  ["src/service/a.ts", `console.log("x");`, "ambient"],
  ["src/service/a.ts", "export const x = process.env;", "ambient"],
  ["src/service/a.ts", `export const x = fetch("x");`, "ambient"],
  ["src/service/a.ts", "export const x = globalThis.name;", "ambient"],
  ["src/service/a.ts", `export const x = import("./b.ts");`, "ambient"],
  ["src/service/a.ts", "export const x = import.meta.url;", "ambient"],
  [
    "src/service/a.ts",
    "export function x(process: () => void): void { process(); }",
    "ambient",
    "ambient",
  ],
  ["src/service/a.ts", "export const x = { fetch: 1 }; x.fetch; export type Y = { crypto: 1 };"],
  ["src/service/a.ts", "export const x = (v: unknown) => v as typeof Date;"],
  ["src/service/a.ts", "export const x = Date as unknown;", "ambient"],
  ["src/open.ts", `export const x = import("./engines/memory/b.ts");`],
  ["src/model/a.ts", `export const x = "a".localeCompare("b");`, "ambient"],
  ["src/model/a.ts", "export const x = (1).toLocaleString();", "ambient"],
  ["src/model/a.ts", "export const x = new Intl.Collator();", "ambient"],
  ["src/engines/shared/a.ts", "export const x = process.pid;", "ambient"],
  ["src/engines/cassandra/a.ts", "export const x = process.pid;"],
  ["src/engines/cassandra/a.ts", "export const x = Date.now();", "ambient"],
  ["src/engines/cassandra/a.ts", "export const x = Math.random();", "ambient"],
  ["src/engines/memory/a.ts", "export const x = process.pid;", "ambient"],
  ["src/rpc/a.ts", "export const x = process.pid;"],
  ["src/rpc/a.ts", "setTimeout(() => undefined, 1);", "ambient"],
  ["src/system/a.ts", "export const x = Date.now() + Math.random() + process.pid;"],
  ["src/system/a.ts", `export const x = "a".localeCompare("b");`, "ambient"],
  ["src/cli/a.ts", `console.log(Date.now().toLocaleString());`],
  ["sim/world/a.ts", "export const x = Date.now();", "ambient"],
  ["sim/world/a.ts", "export const x = process.cpuUsage();", "ambient"],
  ["conformance/cases/a.ts", "setTimeout(() => undefined, 1);", "ambient"],
  ["conformance/backends/a.ts", "setTimeout(() => undefined, 1);"],
  ["conformance/images/a.ts", "export const x = process.pid;"],
  ["bench/micro/a.ts", "export const x = performance.now();"],
];

const SYNTAX: readonly Row[] = [
  ["src/model/a.ts", "export default 1;", "no-default-export"],
  ["src/model/a.ts", "const x = 1; export { x as default };", "no-default-export"],
  ["test/some.config.ts", "export default 1;"],
  ["src/model/a.ts", `export * from "./b.ts";`, "no-export-star"],
  ["src/model/a.ts", `export * as b from "./b.ts";`, "no-export-star"],
  ["src/model/a.ts", "export enum X { A }", "erasable"],
  ["src/model/a.ts", "export const enum X { A }", "erasable"],
  ["src/model/a.ts", "export namespace X { export const a = 1; }", "erasable"],
  ["src/engines/memcached/a.d.ts", `declare module "memjs" { export const x: number; }`],
  ["src/model/a.ts", load("./b"), "specifier"],
  ["src/model/a.ts", load("./b.js"), "specifier"],
];

const body = (lines: number): string => "  x();\n".repeat(lines);

const SIZE: readonly Row[] = [
  ["src/model/a.ts", "// x\n".repeat(300)],
  ["src/model/a.ts", "// x\n".repeat(301), "file-length"],
  ["test/a.ts", "// x\n".repeat(500)],
  ["test/a.ts", "// x\n".repeat(501), "file-length"],
  ["src/model/a.ts", `export function f(): void {\n${body(58)}}`],
  ["src/model/a.ts", `export function f(): void {\n${body(59)}}`, "function-length"],
  ["src/model/a.ts", `export const f = (): void => {\n${body(59)}};`, "function-length"],
  ["src/model/a.ts", `export class F {\n  f(): void {\n${body(59)}}}`, "function-length"],
  ["test/a.ts", `export function f(): void {\n${body(59)}}`],
];

describe.each([
  { name: "checkImports()", rows: IMPORTS },
  { name: "checkAmbient()", rows: AMBIENT },
  { name: "checkSyntax()", rows: SYNTAX },
  { name: "checkSize()", rows: SIZE },
])("$name", ({ rows }) => {
  test.each(rows.map(([path, text, ...rules]) => ({ path, text, rules })))(
    "judges $path: $text → $rules",
    ({ path, text, rules }) => {
      expect(brokenBy(path, text)).toEqual(rules);
    },
  );
});

describe("a violation", () => {
  test("says where it is and what an exception would have to name", () => {
    const text = "\n\nexport const x = Date.now();";
    const [violation] = checkSource({ path: "sim/world/a.ts", text });
    expect(violation).toMatchObject({ path: "sim/world/a.ts", line: 3, subject: "Date" });
  });

  test("in a text that does not parse is an error, not silence", () => {
    expect(() => checkSource({ path: "src/model/a.ts", text: "export const = 1;" })).toThrow(
      /parse/,
    );
  });
});

describe("applyExceptions()", () => {
  const path = "sim/world/a.ts";
  const violations = checkSource({ path, text: `${load("node:v8")} Date.now();` });
  const reason = "Only a test.";

  test("lifts what it names in the file it names, and nothing else", () => {
    const left = applyExceptions(violations, [{ path, subjects: ["node:v8"], reason }]);
    expect(left.map(({ subject }) => subject)).toEqual(["Date"]);
    const elsewhere = [{ path: "sim/world/b.ts", subjects: ["node:v8"], reason }];
    expect(applyExceptions(violations, elsewhere)).toHaveLength(violations.length + 1);
  });

  test("reports an exception that nothing needs", () => {
    const left = applyExceptions([], [{ path, subjects: ["node:v8"], reason }]);
    expect(left.map(({ rule }) => rule)).toEqual(["stale-exception"]);
  });
});

describe("findDeadFiles()", () => {
  const main = { "src/cli/main.ts": "" };
  const find = (files: Record<string, string>): string[] => {
    const sources = Object.entries({ ...main, "sim/index.ts": "", ...files });
    const entries = {
      byName: new Map([["kvdal/sim", "sim/index.ts"]]),
      programs: ["src/cli/main.ts"],
    };
    return findDeadFiles(
      sources.map(([path, text]) => parseSource({ path, text })),
      entries,
    ).map(({ rule, path }) => `${rule} ${path}`);
  };

  test("reports a file that nothing leads to, and what only it leads to", () => {
    const files = { "src/policy/a.ts": load("./b.ts"), "src/policy/b.ts": "export const x = 1;" };
    expect(find(files)).toEqual(["dead-file src/policy/a.ts", "dead-file src/policy/b.ts"]);
  });

  test.each([
    { way: "a program", from: "src/cli/main.ts", text: load("../policy/a.ts") },
    { way: "a public door", from: "sim/index.ts", text: load("../src/policy/a.ts") },
    { way: "a test", from: "test/policy/a.test.ts", text: load("../../src/policy/a.ts") },
    { way: "import()", from: "src/cli/main.ts", text: `await import("../policy/a.ts");` },
    { way: "a spelled path", from: "src/cli/main.ts", text: `run("../policy/a.ts");` },
  ])("counts $way as a way to a file", ({ from, text }) => {
    expect(find({ [from]: text, "src/policy/a.ts": "export const x = 1;" })).toEqual([]);
  });

  test("follows the package's own names", () => {
    const files = { "sim/index.ts": load("./b.ts"), "sim/b.ts": "" };
    expect(find({ "test/a.test.ts": load("kvdal/sim"), ...files })).toEqual([]);
  });

  test("reports an entry point without a file", () => {
    const entries = { byName: new Map([["kvdal/sim", "sim/index.ts"]]), programs: ["src/x.ts"] };
    const messages = findDeadFiles([], entries).map(({ message }) => message);
    expect(messages.join()).toMatch(/sim\/index\.ts.*src\/x\.ts/);
  });
});

describe("checkLock()", () => {
  const tool = {
    version: "1.0.0",
    dev: true,
    optionalDependencies: { "@t/linux-x64-musl": "1.0.0" },
  };
  const lock = { packages: { "node_modules/tool": tool } };

  test("reports a platform's binary that the lock file lacks", () => {
    expect(checkLock(lock).map(({ rule }) => rule)).toEqual(["lock-platforms"]);
    const optionalDependencies = { "some-helper": "1.0.0" };
    expect(checkLock({ packages: { a: { optionalDependencies } } })).toEqual([]);
  });

  test("is satisfied by what completeLock() adds, for that platform only", () => {
    const completed = completeLock(lock);
    expect(checkLock(completed)).toEqual([]);
    expect(completed.packages["node_modules/@t/linux-x64-musl"]).toEqual({
      version: "1.0.0",
      dev: true,
      optional: true,
      os: ["linux"],
      cpu: ["x64"],
      libc: ["musl"],
    });
  });
});
