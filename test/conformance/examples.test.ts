// Goal: the example applications do what they say, in memory, and each is short enough to read at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memory } from "../../src/engines/memory/adapter.ts";
import { type KvStore, open } from "../../src/open.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { PROFILES, SESSIONS, useProfiles, useSessions } from "./examples-in-use.ts";

let store: KvStore;

beforeAll(async () => {
  store = await open({
    engine: memory(),
    namespaces: [{ name: PROFILES }, { name: SESSIONS }],
    env: systemEnv(),
    mac: hmacSha256(new Uint8Array(16)),
  });
});

afterAll(() => store.close());

test("user profiles", () => useProfiles(store.client));
test("a session registry", () => useSessions(store.client));

const FOLDER = join(import.meta.dirname, "../../conformance/examples");

test.each(readdirSync(FOLDER))("%s is no longer than 60 lines", (file) => {
  expect(readFileSync(join(FOLDER, file), "utf8").split("\n").length).toBeLessThanOrEqual(61);
});
