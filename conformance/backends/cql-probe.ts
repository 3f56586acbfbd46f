import { connect } from "node:net";
import type { Endpoint } from "./backend.ts";

/** How long one probe may take, milliseconds: a coordinator waits up to 5 s for its replicas. */
const PROBE_MILLIS = 6000;

/** A frame of native protocol v4: version, flags, stream, opcode, length, body. */
function frame(opcode: number, body: Buffer): Buffer {
  const head = Buffer.from([0x04, 0, 0, 0, opcode, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 5);
  return Buffer.concat([head, body]);
}

/** STARTUP, with the one option that is required. */
const STARTUP = frame(
  0x01,
  Buffer.concat([Buffer.from([0, 1, 0, 11]), Buffer.from("CQL_VERSION\0\x053.0.0")]),
);

/** One partition of a keyspace that every node makes by itself, in three copies. */
const QUESTION =
  "SELECT status FROM system_distributed.view_build_status WHERE keyspace_name = 'k' AND view_name = 'v'";

/** QUERY at consistency ALL (0x0005), without parameters. */
const QUERY = frame(
  0x07,
  Buffer.concat([lengthOf(QUESTION), Buffer.from(QUESTION), Buffer.from([0, 5, 0])]),
);

const READY = 0x02;
const RESULT = 0x08;

/**
 * Whether this node of a cluster of three can read from all three: it is up, and so is every other in its eyes.
 * Never throws.
 */
export function readsFromAll(endpoint: Endpoint): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: endpoint.host, port: endpoint.port, timeout: PROBE_MILLIS });
  const end = (all: boolean): void => {
    socket.destroy();
    resolve(all);
  };
  socket.on("connect", () => socket.write(STARTUP));
  // Answers come one at a time, since each is asked for after the one before.
  socket.on("data", (bytes: Buffer) => {
    if (bytes[4] === READY) socket.write(QUERY);
    else end(bytes[4] === RESULT);
  });
  socket.on("timeout", () => end(false));
  socket.on("error", () => end(false));
  socket.on("close", () => end(false));
  return promise;
}

function lengthOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return length;
}
