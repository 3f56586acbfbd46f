/**
 * Where real engines come from, as far as it can be seen without any: the order of the providers, the
 * refusals, the recipes' hashes, and the life of a plain process that only plays an engine.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseAddress } from "../../conformance/backends/endpoint.ts";
import { freeze } from "../../conformance/backends/freeze.ts";
import { answers } from "../../conformance/backends/probe.ts";
import { processEngine } from "../../conformance/backends/process-engine.ts";
import { readRecord } from "../../conformance/backends/process-record.ts";
import { openEngine, providers } from "../../conformance/backends/real-engines.ts";
import { setupEngines } from "../../conformance/backends/setup.ts";
import { mayEnd } from "../../conformance/backends/test-run.ts";
import { recipeHash, recipes } from "../../conformance/images/recipes.ts";

/** A memcached as far as a probe can tell. */
const PLAYED = `
  require("node:net")
    .createServer((socket) => socket.on("data", () => socket.write("VERSION played\\r\\n")))
    .listen(Number(process.env.MEMCACHED_PORT), "127.0.0.1");
  console.log("played engine is up");
`;

const servers: Server[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

async function listen(answer: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("data", () => socket.end(answer));
    socket.on("error", () => undefined);
  });
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

describe("parseAddress()", () => {
  test.each([
    [
      "cassandra",
      "db.example:9042",
      { host: "db.example", port: 9042, address: "db.example:9042" },
    ],
    ["dynamodb", "http://[::1]:8000", { host: "::1", port: 8000, address: "http://[::1]:8000" }],
    ["dynamodb", "https://d:443/", { host: "d", port: 443, address: "https://d:443" }],
    ["dynamodb", "d:8000", { host: "d", port: 8000, address: "http://d:8000" }],
    ["memcached", "127.0.0.1", undefined],
    ["memcached", "host:0", undefined],
    ["memcached", "host:70000", undefined],
    ["memcached", "a b", undefined],
  ] as const)("reads %s at %s", (engine, value, expected) => {
    expect(parseAddress(engine, value)).toEqual(expected);
  });
});

describe("openEngine()", () => {
  test("tries an endpoint, then a container, then a process", () => {
    expect(providers.map(({ name }) => name)).toEqual(["endpoint", "container", "process"]);
  });

  test("takes the endpoint that the variable names, and refuses to touch it", async () => {
    const port = await listen("VERSION 1.6.0\r\n");
    vi.stubEnv("KVDAL_MEMCACHED", `127.0.0.1:${port}`);
    const engine = await openEngine("memcached");
    if (!engine.available) throw new Error(engine.why);
    expect(engine).toMatchObject({ provider: "endpoint", controllable: false });
    expect(engine.endpoint().address).toBe(`127.0.0.1:${port}`);
    await expect(engine.kill()).rejects.toThrow("somebody else");
    await engine.release();
    expect(await answers("memcached", engine.endpoint())).toBe(true);
  });

  test("says that a variable names nothing usable, and tries nothing else", async () => {
    const port = await listen("HTTP/1.1 200 OK\r\n\r\n");
    vi.stubEnv("KVDAL_MEMCACHED", `127.0.0.1:${port}`);
    expect(await openEngine("memcached")).toMatchObject({
      available: false,
      why: `nothing speaks memcached at KVDAL_MEMCACHED=127.0.0.1:${port}`,
    });
    vi.stubEnv("KVDAL_CASSANDRA", "nonsense");
    expect(await openEngine("cassandra")).toMatchObject({
      available: false,
      howToGet: expect.stringContaining("KVDAL_CASSANDRA=host:9042"),
    });
  });
});

describe("mayEnd()", () => {
  const [alive, ended] = [String(process.pid), "99999999"];

  test.each([
    ["a run", alive, "its own engines", alive, true],
    ["a run", alive, "another run's", ended, false],
    ["a run", alive, "those of everybody", undefined, false],
    ["nobody's run", undefined, "those of everybody", undefined, true],
    ["nobody's run", undefined, "those of a run that goes on", alive, false],
    ["nobody's run", undefined, "those that a run left behind", ended, true],
  ])("%s (%s) ends %s (%s): %s", (_who, own, _whose, its, expected) => {
    expect(mayEnd(own, its)).toBe(expected);
  });
});

describe("setupEngines()", () => {
  test("does nothing under KVDAL_SETUP=never, and answers with values", async () => {
    vi.stubEnv("KVDAL_SETUP", "never");
    vi.stubEnv("KVDAL_MEMCACHED", "somewhere:11211");
    const said: string[] = [];
    const report = await setupEngines((line) => said.push(line));
    expect(said).toEqual([]);
    expect(report.memcached).toEqual({ available: true, engine: "memcached" });
    for (const answer of Object.values(report)) {
      if (answer.available) continue;
      expect(answer.why).toContain("KVDAL_SETUP=never");
      expect(answer.howToGet).toContain("KVDAL_");
    }
  });
});

describe("recipeHash()", () => {
  test("is stable, and different for every image", () => {
    const hashes = recipes.map(recipeHash);
    expect(recipes.map(recipeHash)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(recipes.length);
  });

  test("has every parent before its children", () => {
    const tags = recipes.map(({ tag }) => tag);
    for (const [index, { parent }] of recipes.entries()) {
      if (parent !== undefined) expect(tags.slice(0, index)).toContain(parent);
    }
  });
});

test("processEngine() starts, pauses, kills, restarts and removes a plain process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "played-engine-"));
  const script = join(folder, "run.sh");
  writeFileSync(join(folder, "played.cjs"), PLAYED);
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "played.cjs")}"\n`);
  chmodSync(script, 0o755);
  const port = await listen("");
  servers.pop()?.close();
  const name = `test-${process.pid}`;
  const engine = await processEngine(
    {
      engine: "memcached",
      name,
      marker: folder,
      folder,
      ports: [port],
      environment: { MEMCACHED_PORT: String(port) },
      shared: false,
      run: undefined,
    },
    false,
  );
  try {
    expect(engine.bootMillis).toBeGreaterThan(0);
    expect(await engine.memoryBytes()).toBeGreaterThan(1_000_000);
    await engine.pause();
    expect(await answers("memcached", engine.endpoint())).toBe(false);
    await engine.resume();
    expect(await answers("memcached", engine.endpoint())).toBe(true);
    const first = readRecord(name)?.pid;
    await engine.kill();
    expect(await answers("memcached", engine.endpoint())).toBe(false);
    await engine.start();
    await engine.restart();
    expect(readRecord(name)?.pid).not.toBe(first);
    expect(await engine.logs()).toContain("played engine is up");
  } finally {
    await engine.release();
    rmSync(folder, { recursive: true });
  }
  expect(await answers("memcached", engine.endpoint())).toBe(false);
  expect(readRecord(name)).toBeUndefined();
}, 30_000);

describe("a container is paused", () => {
  const stuck = new Error("(HTTP code 500) OCI runtime pause failed: unable to freeze: unknown");

  test("is frozen at a later try when one of its tasks waited for the disk", async () => {
    const pause = vi.fn<() => Promise<void>>(async () => undefined);
    pause.mockRejectedValueOnce(stuck).mockRejectedValueOnce(stuck);
    await freeze({ pause });
    expect(pause).toHaveBeenCalledTimes(3);
  });

  test("one that stays stuck, and any other error, is told", async () => {
    await expect(freeze({ pause: () => Promise.reject(stuck) }, 0)).rejects.toBe(stuck);
    const other = new Error("no such container");
    const pause = vi.fn<() => Promise<void>>(() => Promise.reject(other));
    await expect(freeze({ pause })).rejects.toBe(other);
    expect(pause).toHaveBeenCalledTimes(1);
  });
});
