/** A server that speaks just enough of memcached's binary protocol to misbehave as told. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export const GET = 0;
export const SET = 1;
export const ADD = 2;
export const DELETE = 4;

export type FakeRequest = {
  readonly opcode: number;
  readonly key: string;
  /** Seconds, of a set or an add. */
  readonly expires: number | undefined;
  readonly value: Buffer;
  readonly socket: Socket;
  /** Number of the connection, from 0. */
  readonly connection: number;
  /** The bytes of an answer to this request. */
  readonly answer: (status?: number, value?: Uint8Array) => Buffer;
};

export type FakeMemcached = {
  readonly endpoint: string;
  readonly requests: readonly FakeRequest[];
  readonly connections: () => { readonly made: number; readonly open: number };
  readonly close: () => Promise<void>;
};

/** Starts a server on a free port, or on the one given, that hands each request to `handle`. */
export async function startFake(
  handle: (request: FakeRequest) => void,
  port = 0,
): Promise<FakeMemcached> {
  const requests: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  let made = 0;
  const server = createServer((socket) => {
    const connection = made;
    made += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let rest = Buffer.alloc(0);
    socket.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 24 && rest.length >= 24 + rest.readUInt32BE(8)) {
        const request = parse(rest, socket, connection);
        rest = rest.subarray(24 + rest.readUInt32BE(8));
        requests.push(request);
        handle(request);
      }
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => ({ made, open: sockets.size }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers as a server would that stores nothing under any key. */
export function answerEmpty(request: FakeRequest): void {
  request.socket.write(request.answer(request.opcode === GET ? 1 : 0));
}

function parse(bytes: Buffer, socket: Socket, connection: number): FakeRequest {
  const opcode = bytes.readUInt8(1);
  const keyAt = 24 + bytes.readUInt8(4);
  const valueAt = keyAt + bytes.readUInt16BE(2);
  const opaque = bytes.readUInt32BE(12);
  return {
    opcode,
    key: bytes.subarray(keyAt, valueAt).toString(),
    expires: opcode === SET || opcode === ADD ? bytes.readUInt32BE(28) : undefined,
    value: Buffer.from(bytes.subarray(valueAt, 24 + bytes.readUInt32BE(8))),
    socket,
    connection,
    answer: (status = 0, value = new Uint8Array(0)) => {
      const extras = opcode === GET && status === 0 ? 4 : 0;
      const answer = Buffer.alloc(24 + extras + value.length);
      answer.writeUInt8(0x81, 0);
      answer.writeUInt8(opcode, 1);
      answer.writeUInt8(extras, 4);
      answer.writeUInt16BE(status, 6);
      answer.writeUInt32BE(extras + value.length, 8);
      answer.writeUInt32BE(opaque, 12);
      answer.set(value, 24 + extras);
      return answer;
    },
  };
}
