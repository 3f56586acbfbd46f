/**
 * One memjs client and the one socket it ever has. memjs leaves requests hanging when the server hangs up, and is
 * out of step for ever once a response was cut; so the socket is watched here, and with its end the client ends.
 */
import type { Socket } from "node:net";
import { KvError } from "../../model/error.ts";
import { type MemjsClient, type MemjsFactory, type MemjsServer, statusOf } from "./memjs.ts";

/** Refusals that say nothing against the connection. */
const EXPECTED = ["Value too large", "Out of memory", "Busy", "Temporary failure"];

/** A request that is out. */
export type Request = {
  /** Whether it changes something: then its outcome is unknown once it was sent (TOK-8). */
  readonly mutates: boolean;
  readonly send: (client: MemjsClient) => Promise<unknown>;
};

type Pending = { readonly request: Request; readonly reject: (error: KvError) => void };

/** A client until its first anomaly. */
export class Connection {
  readonly #client: MemjsClient;
  readonly #server: MemjsServer;
  readonly #pending = new Set<Pending>();
  #socket: Socket | undefined;
  #connected = false;
  #retired = false;
  #ended = false;
  #requests = 0;

  constructor(factory: MemjsFactory) {
    const { client, server } = factory();
    this.#client = client;
    this.#server = server;
  }

  /** Whether new requests may go here. */
  get usable(): boolean {
    return !this.#retired && !this.#ended;
  }

  /** Whether nothing is left of it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Requests sent so far: memjs numbers them and breaks when the numbers run out. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Sends a request, once. Rejects with `KvError` when contact is lost or `abandon` is called, with memjs's own
   * error when the server answers one. `onSent` gets the way to give up on the answer.
   */
  run(request: Request, onSent: (abandon: (error: KvError) => void) => void): Promise<unknown> {
    this.#requests += 1;
    return new Promise((resolve, reject) => {
      const pending: Pending = { request, reject };
      this.#pending.add(pending);
      onSent((error) => this.#abandon(pending, error));
      this.#send(request).then(
        (answer) => {
          this.#settle(pending);
          resolve(answer);
        },
        (error: unknown) => {
          const status = statusOf(error);
          if (status === undefined) return this.end(error);
          // An answer that nobody foresaw may be the first of many.
          if (!EXPECTED.includes(status)) this.#retired = true;
          this.#settle(pending);
          reject(error);
        },
      );
    });
  }

  /** Takes no more requests, and ends when those that are out are answered or given up. */
  retire(): void {
    this.#retired = true;
    if (this.#pending.size === 0) this.end();
  }

  /** Ends now; requests that are out are rejected. */
  end(cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket?.destroy();
    for (const { request, reject } of this.#pending) reject(this.#lost(request, cause));
    this.#pending.clear();
  }

  /** One caller has waited long enough. The connection is not to be trusted with new requests. */
  #abandon(pending: Pending, error: KvError): void {
    if (!this.#pending.delete(pending)) return;
    pending.reject(error);
    this.retire();
    // What waits for the connection to be made would be sent late if it came about: nobody is to be told "no" then.
    if (!this.#connected) this.end(error);
  }

  #settle(pending: Pending): void {
    this.#pending.delete(pending);
    if (this.#retired && this.#pending.size === 0) this.end();
  }

  #send(request: Request): Promise<unknown> {
    const answer = request.send(this.#client);
    if (this.#socket === undefined) this.#watch();
    return answer;
  }

  /** memjs opens its socket with the first request, and would open another after the first has closed. */
  #watch(): void {
    const socket = this.#server._socket;
    if (socket === undefined) return;
    this.#socket = socket;
    socket.once("connect", () => {
      this.#connected = true;
    });
    socket.once("close", () => this.end());
  }

  #lost({ mutates }: Request, cause: unknown): KvError {
    if (!this.#connected) {
      return new KvError("UNAVAILABLE", "memcached cannot be reached", { cause });
    }
    const code = mutates ? "OUTCOME_UNKNOWN" : "UNAVAILABLE";
    return new KvError(code, "memcached hung up before it answered", { cause });
  }
}
