import { connect } from "node:net";
import type { Endpoint } from "./backend.ts";

/** How long memcached may take, milliseconds. */
const FLUSH_MILLIS = 5000;

/** Empties a memcached. @throws Error when it does not say that it has. */
export async function flushMemcached({ host, port }: Endpoint): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, timeout: FLUSH_MILLIS });
  const fail = (why: string): void => {
    reject(new Error(`memcached at ${host}:${port} was not emptied: ${why}`));
  };
  socket.on("connect", () => socket.write("flush_all\r\n"));
  socket.on("data", (bytes: Buffer) => {
    const answer = bytes.toString();
    if (answer.startsWith("OK")) resolve();
    else fail(answer.trim());
  });
  socket.on("timeout", () => fail("no answer"));
  socket.on("error", ({ message }) => fail(message));
  socket.on("close", () => fail("it hung up"));
  try {
    await promise;
  } finally {
    socket.destroy();
  }
}
