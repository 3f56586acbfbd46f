/** A server of the world: the real service on a node that can crash. */
import type { KvError } from "kvdal";
import type { KvRequest, KvResponse } from "kvdal/client";
import { createService, type KvService, type Mac, resolveNamespace } from "kvdal/service";
import type { WorldBackend } from "../backends/backend.ts";
import { hash32 } from "./keyed-random.ts";
import type { SimNode } from "./node.ts";

/** The namespace of every world. */
export const NAMESPACE = "sim";

/** How a request ended at a server. */
export type ServerAnswer =
  | { readonly kind: "answer"; readonly answer: KvResponse }
  | { readonly kind: "error"; readonly error: KvError };

/** A server. */
export class SimServer {
  readonly node: SimNode;
  readonly #backend: WorldBackend;
  #service: KvService;

  constructor(node: SimNode, backend: WorldBackend) {
    this.node = node;
    this.#backend = backend;
    this.#service = this.#start();
  }

  /** Works on a request for at most `budget` microseconds; answers once, unless the server crashes before. */
  receive(
    request: KvRequest,
    key: number,
    budget: number,
    reply: (answer: ServerAnswer) => void,
  ): void {
    const { node } = this;
    const { incarnation } = node;
    const deadline = node.monotonic() + budget;
    const scope = { server: node, key, deadline };
    const send = (answer: ServerAnswer): void => {
      if (node.up && node.incarnation === incarnation) reply(answer);
    };
    this.#backend
      .within(scope, (signal) => this.#service.handle(request, { deadline, signal }))
      .then(
        (answer) => send({ kind: "answer", answer }),
        (error: unknown) => send({ kind: "error", error: error as KvError }),
      );
  }

  crash(): void {
    this.node.crash();
  }

  /** Starts anew, knowing nothing of what it was doing. */
  restart(): void {
    this.node.restart();
    this.#service = this.#start();
  }

  #start(): KvService {
    const engine = this.#backend.openEngine(this.node);
    const namespace = resolveNamespace({ name: NAMESPACE }, { primary: engine });
    return createService({ env: this.node.env(), mac: keyedMac, namespaces: [namespace] });
  }
}

/** A fast stand-in for HMAC: 16 bytes of a keyed hash. Worlds have no adversary, only mix-ups to find. */
const keyedMac: Mac = (message) => {
  const mac = new Uint8Array(16);
  let [a, b] = [0x6a09e667, 0x3c6ef372];
  for (const byte of message) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b + byte, 0x5bd1e995) ^ (a >>> 15);
  }
  for (let i = 0; i < 4; i += 1) {
    const word = hash32(a, b, i);
    for (let j = 0; j < 4; j += 1) mac[i * 4 + j] = (word >>> (8 * j)) & 0xff;
  }
  return mac;
};
