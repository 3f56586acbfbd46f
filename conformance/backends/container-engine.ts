import type { ContainerRuntimeClient } from "testcontainers";
import type { Endpoint, EngineName, RealEngine } from "./backend.ts";
import type { Container } from "./docker.ts";
import { isStatus, removeContainer } from "./docker.ts";
import { makeEndpoint } from "./endpoint.ts";
import { BOOT_LIMIT_MILLIS, engineFacts } from "./facts.ts";
import { freeze } from "./freeze.ts";
import { untilAnswers } from "./probe.ts";

/** How long an engine may take to end politely before Docker kills it, seconds. */
const STOP_SECONDS = 10;

/** Where a running container answers. */
export type Locate = (
  client: ContainerRuntimeClient,
  engine: EngineName,
  container: Container,
) => Promise<Endpoint>;

/**
 * The handle of a container that answers. Its port is read anew after every start: Docker maps another one.
 *
 * @param bootMillis undefined if it was running before.
 * @param locate where it answers; by default on the host's port that its own is mapped to.
 */
export async function containerEngine(
  client: ContainerRuntimeClient,
  engine: EngineName,
  container: Container,
  bootMillis: number | undefined,
  shared: boolean,
  locate: Locate = readEndpoint,
): Promise<RealEngine> {
  let endpoint = await locate(client, engine, container);
  const stop = (): Promise<void> => unlessAlready(container.stop({ t: STOP_SECONDS }));
  const start = async (): Promise<void> => {
    await unlessAlready(container.start());
    endpoint = await locate(client, engine, container);
    const alive = async (): Promise<boolean> => (await container.inspect()).State.Running;
    if (await untilAnswers(engine, endpoint, BOOT_LIMIT_MILLIS, alive)) return;
    throw new Error(`${engine} did not answer after its start; see: docker logs ${container.id}`);
  };
  return Object.freeze<RealEngine>({
    available: true,
    engine,
    provider: "container",
    bootMillis,
    controllable: true,
    endpoint: () => endpoint,
    stop,
    start,
    kill: async () => {
      await unlessAlready(container.kill());
      // The command answers before the process is gone.
      await container.wait();
    },
    pause: () => unlessAlready(freeze(container)),
    // Docker calls it an error of its own when the container is not paused.
    resume: async () => {
      if ((await container.inspect()).State.Paused) await container.unpause();
    },
    restart: async () => {
      await stop();
      await start();
    },
    logs: () => readLogs(container),
    memoryBytes: () => readMemory(container),
    release: async () => {
      if (!shared) await removeContainer(client, container.id);
    },
  });
}

/** Where a running container's port is mapped to on the host. */
export async function readEndpoint(
  client: ContainerRuntimeClient,
  engine: EngineName,
  container: Container,
): Promise<Endpoint> {
  const { NetworkSettings } = await container.inspect();
  const bindings = NetworkSettings.Ports[`${engineFacts[engine].port}/tcp`] ?? [];
  // Docker may map one port for IPv4 and another for IPv6; localhost may mean either, so both are fixed.
  const binding = bindings.find(({ HostIp }) => !HostIp.includes(":")) ?? bindings[0];
  const { host } = client.info.containerRuntime;
  return makeEndpoint(
    engine,
    host === "localhost" ? "127.0.0.1" : host,
    Number(binding?.HostPort ?? 0),
  );
}

// 304: it is so already. 409: the same, said by kill, pause and unpause.
async function unlessAlready(command: Promise<unknown>): Promise<void> {
  try {
    await command;
  } catch (error) {
    if (!isStatus(error, 304) && !isStatus(error, 409)) throw error;
  }
}

// Without a terminal Docker puts an 8-byte header before each piece: stream, three zeros, length.
async function readLogs(container: Container): Promise<string> {
  const bytes = await container.logs({ stdout: true, stderr: true, follow: false });
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    pieces.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString();
}

// As `docker stats` counts: without the page cache that the kernel would give back at once.
async function readMemory(container: Container): Promise<number | undefined> {
  const { memory_stats: memory } = await container.stats({ stream: false, "one-shot": true });
  if (memory.usage === undefined) return undefined;
  const { total_inactive_file: v1, inactive_file: v2 } = memory.stats;
  return memory.usage - (v1 ?? v2 ?? 0);
}
