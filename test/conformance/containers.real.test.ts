/** What containers of ours do when they are restarted, frozen, killed and shared. Needs Docker. */
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { EngineName, EngineOptions, RealEngine } from "../../conformance/backends/backend.ts";
import { containerProvider } from "../../conformance/backends/container.ts";
import { dockerClient, localImage } from "../../conformance/backends/docker.ts";
import { answers } from "../../conformance/backends/probe.ts";
import { stopEngines } from "../../conformance/backends/real-engines.ts";
import { RUN_VARIABLE } from "../../conformance/backends/test-run.ts";

const client = await dockerClient();
const hasDocker =
  client !== undefined && (await localImage(client, "cassandra:5.0"))?.recipe !== undefined;

const opened: RealEngine[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(async () => {
  await Promise.all(opened.map((engine) => engine.release()));
});

async function open(engine: EngineName, options: EngineOptions): Promise<RealEngine> {
  const answer = await containerProvider.open(engine, options);
  if (answer === undefined || !answer.available) throw new Error(answer?.why ?? "no Docker engine");
  opened.push(answer);
  return answer;
}

describe.skipIf(!hasDocker)("containerProvider", () => {
  test("reads the port anew after a restart", async () => {
    const engine = await open("memcached", { shared: false });
    const before = engine.endpoint();
    await engine.restart();
    // Docker maps another port each time; what counts is that the endpoint says which.
    expect(engine.endpoint()).not.toEqual(before);
    expect(await answers("memcached", engine.endpoint())).toBe(true);
    expect(await answers("memcached", before)).toBe(false);
  });

  test("freezes, resumes, kills and starts again", async () => {
    const engine = await open("dynamodb", { shared: false });
    expect(engine.bootMillis).toBeGreaterThan(0);
    expect(await engine.memoryBytes()).toBeGreaterThan(20e6);
    await engine.pause();
    expect(await answers("dynamodb", engine.endpoint())).toBe(false);
    await engine.resume();
    expect(await answers("dynamodb", engine.endpoint())).toBe(true);
    await engine.kill();
    expect(await answers("dynamodb", engine.endpoint())).toBe(false);
    await engine.start();
    expect(await answers("dynamodb", engine.endpoint())).toBe(true);
    expect(await engine.logs()).toContain("DynamoDB Local");
  });

  test("starts a shared engine once for two that ask at the same time", async () => {
    const [one, two] = await Promise.all([open("memcached", {}), open("memcached", {})]);
    expect(two.endpoint()).toEqual(one.endpoint());
    await one.release();
    expect(await answers("memcached", two.endpoint())).toBe(true);
    expect((await open("memcached", {})).bootMillis).toBeUndefined();
  });

  test("a test run has shared engines of its own, and its end ends them alone", async () => {
    vi.stubEnv(RUN_VARIABLE, String(process.pid));
    const own = await open("memcached", {});
    expect((await open("memcached", {})).endpoint()).toEqual(own.endpoint());
    vi.stubEnv(RUN_VARIABLE, String(process.ppid));
    const other = await open("memcached", {});
    expect(other.endpoint()).not.toEqual(own.endpoint());
    vi.stubEnv(RUN_VARIABLE, String(process.pid));
    expect(await stopEngines()).toBe(1);
    expect(await answers("memcached", own.endpoint())).toBe(false);
    expect(await answers("memcached", other.endpoint())).toBe(true);
    vi.stubEnv(RUN_VARIABLE, String(process.ppid));
    expect(await stopEngines()).toBe(1);
  });

  test("removes a private engine on release", async () => {
    const engine = await open("memcached", { shared: false });
    await engine.release();
    expect(await answers("memcached", engine.endpoint())).toBe(false);
    await engine.release();
  });
});
