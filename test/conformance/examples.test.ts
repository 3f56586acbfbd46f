/** The examples: applications do what they say, in memory, and are short enough to read at once; the adapter is one. */
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConformanceReport } from "kvdal/conformance";
import { describe, expect, test } from "vitest";
import { engine } from "../../conformance/examples/tiny-engine.ts";
import { memoryCache } from "../../src/engines/memory-cache/adapter.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { kvdalJson, type SimJson } from "../sim/kvdal.ts";
import { type RunsOn, useProfiles, useSessions } from "./examples-in-use.ts";

const inMemory = (): RunsOn => ({
  engine: memory(),
  env: systemEnv(),
  mac: hmacSha256(new Uint8Array(16)),
});

describe.each<[string, () => RunsOn]>([
  ["in memory", inMemory],
  ["with a cache in front", () => ({ ...inMemory(), cache: memoryCache({ maxBytes: 1e6 }) })],
])("%s", (_name, on) => {
  test("user profiles", () => useProfiles(on()));
  test("a session registry", () => useSessions(on()));
});

const FOLDER = join(import.meta.dirname, "../../conformance/examples");
const ADAPTER = "tiny-engine.ts";

test.each(readdirSync(FOLDER).filter((file) => file !== ADAPTER))(
  "%s is no longer than 60 lines",
  (file) => {
    expect(readFileSync(join(FOLDER, file), "utf8").split("\n").length).toBeLessThanOrEqual(61);
  },
);

const BY_PATH = `./conformance/examples/${ADAPTER}`;

test("the adapter is what its module exports, by the name that the program looks for", () => {
  expect(engine.name).toBe("tiny");
});

test("the adapter passes the conformance suite, as its author runs it", async () => {
  const report = await kvdalJson<ConformanceReport>(["conformance", BY_PATH]);
  expect(report.cases.filter(({ status }) => status === "failed")).toEqual([]);
  expect(report.passed).toBeGreaterThan(300);
}, 120_000);

test("worlds over the adapter break no rule, and are equal on replay", async () => {
  const args = ["sim", "--engine", BY_PATH, "--seeds", "30", "--twice", "--no-corpus"];
  const { worlds, failing } = await kvdalJson<SimJson>(args);
  expect([worlds, failing]).toEqual([30, []]);
}, 60_000);

test("an adapter that lies elsewhere, with nothing installed beside it, gets the package that runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kvdal-adapter-"));
  try {
    const file = join(folder, "my-engine.ts");
    copyFileSync(join(FOLDER, ADAPTER), file);
    const args = ["conformance", file, "--case", "scans/*"];
    expect((await kvdalJson<ConformanceReport>(args)).failed).toBe(0);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "commonjs" }));
    await expect(kvdalJson(args)).rejects.toThrow(/"type": "module"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
