/** The other side of a client by script: what it was sent, and when, is written down, and each answer is given. */
import { KvError, type Micros } from "kvdal";
import {
  createClient,
  type KvClient,
  type KvRequest,
  type ServerFacts,
  type Transport,
  type TransportCall,
} from "kvdal/client";
import type { Serving, Stage } from "./stage.ts";

/** A request as it was sent. */
export type SentRequest = { readonly kind: KvRequest["kind"]; readonly at: Micros };

/** What comes of a request: nothing more than this and the facts of the server; or an error. */
export type Scripted = {
  /** Virtual time until it comes. */
  readonly after?: Micros;
  readonly error?: KvError;
  /** What the server tells of itself in place of what it usually does. */
  readonly facts?: Partial<ServerFacts>;
  readonly nextPageToken?: Uint8Array;
};

/** What becomes of the request that has this number, from 0 on. */
export type Script = (request: KvRequest, number: number) => Scripted;

/** A client whose requests go by a script. */
export class ScriptedServer {
  readonly sent: SentRequest[] = [];
  readonly client: KvClient;
  /** Changed at any time. */
  script: Script = () => ({});
  readonly #stage: Stage;
  readonly #facts: ServerFacts;

  private constructor(stage: Stage, facts: ServerFacts, limits: Serving["limits"]) {
    this.#stage = stage;
    this.#facts = facts;
    const transport = ((request: KvRequest, call: TransportCall) =>
      this.#answer(request, call)) as Transport;
    this.client = createClient({ env: stage.env, transport, limits: limits ?? {} });
  }

  /** One whose servers tell what one on the stage does that serves this. */
  static async of(stage: Stage, { limits, ...serving }: Serving = {}): Promise<ScriptedServer> {
    const facts = await stage.facts(await stage.serve(serving));
    return new ScriptedServer(stage, facts, limits);
  }

  /** Kinds of requests that the work sends. */
  async sentBy(work: () => Promise<unknown>): Promise<readonly KvRequest["kind"][]> {
    const before = this.sent.length;
    await work();
    return this.sent.slice(before).map(({ kind }) => kind);
  }

  async #answer(request: KvRequest, { signal }: TransportCall): Promise<unknown> {
    const { env } = this.#stage;
    const script = this.script(request, this.sent.length);
    this.sent.push({ kind: request.kind, at: env.clock.monotonic() });
    const { after = 0, error, facts, nextPageToken } = script;
    if (after > 0) await this.#within(after, signal);
    if (error !== undefined) throw error;
    const time = env.clock.wall();
    const server = { ...this.#facts, time, ...facts };
    return { done: true, items: [], outcomes: [{ kind: "applied" }], nextPageToken, server };
  }

  /** Waits, or until nobody waits any more. */
  #within(after: Micros, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#stage.env.timers.after(after, resolve);
      signal.addEventListener("abort", () => {
        cancelTimer();
        reject(new KvError("CANCELLED", "nobody waits any more"));
      });
    });
  }
}
