/** What calls leave with a caller who gives none of them up: nothing, however long his signal lives (RES-1). */
import { type CallOptions, keyOnly, KvError, MILLISECOND, utf8 } from "kvdal";
import { CountedSource, type EndOfSource } from "../exact/counted-source.ts";
import { differences, type NamedAnswer, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { ScriptedServer } from "./scripted.ts";
import { errorOf, READ_ALL, type Stage, STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const KEY = utf8("key");
const LARGE = new Uint8Array(60);
const CHUNKING = { aboveBytes: 20, chunkBytes: 20, requestBytesMax: 20 };
const SLO = { read: { target: 5 * MILLISECOND, max: 50 * MILLISECOND } };

/** A signal that nobody aborts, how many listened to it, and how many do yet. */
class Heard {
  readonly signal: AbortSignal;
  begun = 0;
  readonly #listeners = new Set<unknown>();

  constructor() {
    const listens = {
      addEventListener: (_type: string, listener: unknown) => {
        this.begun += 1;
        this.#listeners.add(listener);
      },
      removeEventListener: (type: string, listener: unknown) => {
        if (type === "abort") this.#listeners.delete(listener);
      },
    };
    this.signal = Object.assign(new AbortController().signal, listens);
  }

  get left(): number {
    return this.#listeners.size;
  }
}

/** A call with that signal. */
type Call = (stage: Stage, signal: AbortSignal) => Promise<unknown>;

const CALLS: readonly (readonly [string, Call])[] = [
  [
    "a hedged read",
    async (stage, signal) => {
      const limits = { hedgeShare: 1, hedgeBurst: 10 };
      const server = await ScriptedServer.of(stage, { options: { slo: SLO }, limits });
      await server.client.getItems(RECORD);
      server.script = (_, number) => ({ after: (number === 1 ? 20 : 1) * MILLISECOND });
      await server.client.getItems(RECORD, { signal });
    },
  ],
  [
    "a put that is repeated",
    async (stage, signal) => {
      const server = await ScriptedServer.of(stage);
      const error = new KvError("UNAVAILABLE", "nobody is there");
      server.script = (_, number) => (number === 0 ? { error } : {});
      await server.client.putItems({ ...RECORD, items: [keyOnly(KEY)] }, { signal });
    },
  ],
  [
    "a stream that is put, and read",
    async (stage, signal) => {
      const { client } = await stage.serve({ options: { chunking: CHUNKING } });
      await client.putValue({ ...RECORD, key: KEY }, [LARGE], { signal });
      const reader = await client.readValue({ ...RECORD, key: KEY }, { signal });
      for await (const _ of reader?.value ?? []);
    },
  ],
  [
    "a scan",
    async (stage, signal) => {
      const { client } = await stage.serve();
      for await (const _ of client.scan({ namespace: STAGE_NAMESPACE }, { signal }));
    },
  ],
  [
    "a read that another one is shared with",
    async (stage, signal) => {
      const { service } = await stage.serve({ options: { cache: {} } });
      stage.engine.readMicros = MILLISECOND;
      const read = () => service.handle(READ_ALL, { ...stage.call(), signal });
      await Promise.all([read(), read()]);
    },
  ],
];

const LEFT: ExactCost = {
  rule: "RES-1",
  says: "listeners that calls leave at the signal of their caller",
  ask: async (stage) => {
    const found: NamedAnswer[] = [];
    for (const [says, call] of CALLS) {
      const heard = new Heard();
      await call(stage, heard.signal);
      found.push([`${says} listens:`, heard.begun > 0, true], [`${says} leaves`, heard.left, 0]);
    }
    return differences(found);
  },
};

/** Of two pieces. */
const sourceOf = (end: EndOfSource): CountedSource => new CountedSource(LARGE, 2, end);

const STOPPED: ExactCost = {
  rule: "RES-1",
  says: "times that the source of a stream is told to stop, and the errors of the calls",
  ask: async (stage) => {
    const serving = { options: { chunking: CHUNKING }, limits: { attemptsMax: 1 } };
    const server = await ScriptedServer.of(stage, serving);
    const { client } = server;
    await client.getItems(RECORD);
    const found: (readonly unknown[])[] = [];
    const put = async (source: CountedSource, options: CallOptions): Promise<void> => {
      const error = await errorOf(client.putValue({ ...RECORD, key: KEY }, source, options));
      found.push([error?.code, source.stops]);
    };
    await put(sourceOf("ends"), {});
    const caller = new AbortController();
    stage.env.timers.after(MILLISECOND, () => caller.abort());
    await put(sourceOf("stands still"), { signal: caller.signal });
    await put(sourceOf("stands still"), { timeoutMicros: MILLISECOND });
    const error = new KvError("UNAVAILABLE", "nobody is there");
    server.script = ({ kind }) => (kind === "stage_chunks" ? { error } : {});
    await put(sourceOf("ends"), {});
    const rows = [
      "one that ends",
      "one given up",
      "one out of time",
      "one whose chunks are refused",
    ];
    return tableDifference({ rows, columns: ["error", "stops"] }, found, [
      [undefined, 0],
      ["CANCELLED", 1],
      ["DEADLINE_EXCEEDED", 1],
      ["UNAVAILABLE", 1],
    ]);
  },
};

/** What calls leave. */
export const LISTENERS: readonly ExactCost[] = [LEFT, STOPPED];
