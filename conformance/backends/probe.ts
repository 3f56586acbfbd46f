import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint, EngineName } from "./backend.ts";

/** How long one probe may take, milliseconds. */
const PROBE_MILLIS = 1000;

/** The pause between two probes, milliseconds: short beside the fastest boot, no load beside the slowest. */
const PROBE_EVERY_MILLIS = 50;

/** What is sent, and how the answer of a ready engine begins. An open port is not enough: Docker's proxy
 * accepts connections before the engine does. */
const questions: Readonly<Record<EngineName, { ask: Buffer; answer: Buffer }>> = {
  // Native protocol v4: an OPTIONS frame (opcode 05, no body) is answered by SUPPORTED, version byte 84.
  cassandra: { ask: Buffer.from("040000000500000000", "hex"), answer: Buffer.from("84", "hex") },
  dynamodb: {
    ask: Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    answer: Buffer.from("HTTP/1.1 "),
  },
  memcached: { ask: Buffer.from("version\r\n"), answer: Buffer.from("VERSION ") },
};

/** Whether the engine answers in its own protocol, within a second. Never throws. */
export function answers(engine: EngineName, endpoint: Endpoint): Promise<boolean> {
  const { ask, answer } = questions[engine];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: endpoint.host, port: endpoint.port, timeout: PROBE_MILLIS });
  const end = (ready: boolean): void => {
    socket.destroy();
    resolve(ready);
  };
  let seen = Buffer.alloc(0);
  socket.on("connect", () => socket.write(ask));
  socket.on("data", (bytes: Buffer) => {
    seen = Buffer.concat([seen, bytes]);
    if (seen.length >= answer.length) end(seen.subarray(0, answer.length).equals(answer));
  });
  socket.on("timeout", () => end(false));
  socket.on("error", () => end(false));
  socket.on("close", () => end(false));
  return promise;
}

/**
 * Waits until the engine answers.
 *
 * @param alive is asked between probes: once it says no, waiting has no point.
 * @returns whether it answered; false after the time or when it is no longer alive.
 */
export async function untilAnswers(
  engine: EngineName,
  endpoint: Endpoint,
  limitMillis: number,
  alive: () => Promise<boolean>,
): Promise<boolean> {
  const end = performance.now() + limitMillis;
  while (performance.now() < end) {
    if (await answers(engine, endpoint)) return true;
    if (!(await alive())) return false;
    await sleep(PROBE_EVERY_MILLIS);
  }
  return false;
}
