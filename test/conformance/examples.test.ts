// Goal: the example applications do what they say, in memory, and each is short enough to read at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memoryCache } from "../../src/engines/memory-cache/adapter.ts";
import { memory } from "../../src/engines/memory/adapter.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
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

test.each(readdirSync(FOLDER))("%s is no longer than 60 lines", (file) => {
  expect(readFileSync(join(FOLDER, file), "utf8").split("\n").length).toBeLessThanOrEqual(61);
});
