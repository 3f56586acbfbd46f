/**
 * A store of its own at the end of a world: the real service, log and clients over the package's engine in memory,
 * whose rows the asker can reach, harm and withhold. Nothing of the world is at work in it: its time is the world's and
 * what was passed by hand, and waits are over at once.
 */
import {
  KvError,
  type KvErrorCode,
  memory,
  type Micros,
  type NamespaceOptions,
  SECOND,
} from "kvdal";
import {
  type ClientParts,
  type CodecParts,
  createClient,
  type Env,
  type KvClient,
  type KvRequest,
  neverAborted,
  PLAIN_CLIENT,
  type Timers,
  type Transport,
} from "kvdal/client";
import type { EngineCall, Mutation, Row, StorageEngine } from "kvdal/engine";
import {
  createService,
  type KvService,
  type LogOptions,
  logTable,
  type MutationLog,
  mutationLog,
  resolveLog,
  resolveNamespace,
  type SystemLoad,
  tablesOf,
} from "kvdal/service";
import type { Asked } from "./exact-call.ts";

/** The namespace of every house. */
export const HOUSE = "house";
/** Where the chunks of its values lie. */
export const HOUSE_CHUNKS = "house_chunks";
/** The table of its log. */
export const HOUSE_LOG = "kvdal_log";

/** What a house has beside its namespace. */
export type HouseParts = {
  readonly codec?: CodecParts;
  readonly log?: LogOptions;
  readonly load?: SystemLoad;
  /** So many further namespaces, alike but for their names: `house_1` and so on. */
  readonly more?: number;
};

/** A longer timer is a deadline: nothing in a house takes that long. */
const WAIT_MAX: Micros = SECOND;

/** The house. */
export class House {
  readonly env: Env;
  /** The engine as it is. */
  readonly store: StorageEngine;
  /** Verbs that the service meets in place of the engine's own. */
  instead: Partial<Pick<StorageEngine, "readKeys" | "readRange" | "scan" | "write">> = {};
  readonly service: KvService;
  readonly log: MutationLog;
  #passed: Micros;

  private constructor(
    { env, mac }: Pick<Asked, "env" | "mac">,
    store: StorageEngine,
    options: Partial<NamespaceOptions>,
    { codec, log, load, more = 0 }: HouseParts,
  ) {
    this.#passed = 0;
    const { clock } = env;
    const wall = (): Micros => clock.wall() + this.#passed;
    const monotonic = (): Micros => clock.monotonic() + this.#passed;
    this.env = { ...env, clock: { wall, monotonic }, timers: this.#timers() };
    this.store = store;
    const engine: StorageEngine = {
      ...store,
      readKeys: (read, call) => (this.instead.readKeys ?? store.readKeys)(read, call),
      readRange: (read, call) => (this.instead.readRange ?? store.readRange)(read, call),
      scan: (read, call) => (this.instead.scan ?? store.scan)(read, call),
      write: (at, rows, call) => (this.instead.write ?? store.write)(at, rows, call),
    };
    const first = resolveNamespace({ ...options, name: HOUSE }, { primary: engine });
    const others = Array.from({ length: more }, (_, i) => ({
      ...first,
      name: `${HOUSE}_${i + 1}`,
    }));
    const namespaces = [first, ...others];
    const resolved = resolveLog(log ?? {}, engine);
    this.log = mutationLog({ env: this.env, log: resolved, namespaces, codec });
    const lists = log === undefined ? undefined : this.log;
    this.service = createService({ env: this.env, mac, namespaces, codec, log: lists, load });
    this.#tables = [...tablesOf(first), logTable(resolved)];
  }

  readonly #tables: readonly Parameters<StorageEngine["provision"]>[0][];

  /** A house whose namespace has these options. */
  static async open(
    asked: Pick<Asked, "env" | "mac">,
    options: Partial<NamespaceOptions> = {},
    parts: HouseParts = {},
  ): Promise<House> {
    const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
    const store = await memory().open({ env: asked.env, native });
    const house = new House(asked, store, options, parts);
    for (const table of house.#tables) await store.provision(table, house.call());
    return house;
  }

  /** So much time passes here. */
  pass(micros: Micros): void {
    this.#passed += micros;
  }

  /** What goes with a call of the asker to the engine. */
  call(): EngineCall {
    const { clock } = this.env;
    const deadline = Number.POSITIVE_INFINITY;
    return { deadline, signal: neverAborted, consistency: "quorum", now: clock.wall() };
  }

  /** A client of this house; without more it chunks and has no codecs. */
  client(parts: Partial<ClientParts> = {}): KvClient {
    return createClient({ env: this.env, transport: this.transport, ...parts });
  }

  /** Straight to the service. */
  readonly transport: Transport = (request, { budget }) => {
    const deadline = this.env.clock.monotonic() + budget;
    return this.service.handle(request, { deadline, signal: neverAborted });
  };

  /** A request as no client of the package may send it, to the namespace, with nothing that the client can do. */
  straight(request: object): Promise<unknown> {
    const whole = { namespace: HOUSE, capabilities: PLAIN_CLIENT, ...request } as KvRequest;
    return this.service.handle(whole, {
      deadline: this.env.clock.monotonic() + SECOND,
      signal: neverAborted,
    });
  }

  /** The rows of a record as they are stored. */
  async rows(table: string, id: string): Promise<readonly Row[]> {
    const range = { start: undefined, end: undefined };
    const bounds = { reverse: false, rowLimit: 1_000, byteLimit: 1_000_000 };
    const read = { table, id, range, ...bounds, projection: "rows" as const };
    return (await this.store.readRange(read, this.call())).rows;
  }

  /** The rows of a table, with their records. */
  async allRows(table: string): Promise<readonly { readonly id: string; readonly row: Row }[]> {
    const segment = { index: 0, of: 1 };
    const bounds = { cursor: undefined, rowLimit: 1_000, projection: "rows" as const };
    return (await this.store.scan({ table, segment, ...bounds }, this.call())).entries;
  }

  /** Changes rows behind the service's back. */
  async write(table: string, id: string, mutations: readonly Mutation[]): Promise<void> {
    await this.store.write({ table, id }, mutations, this.call());
  }

  /** Waits are over in the next turn, with their time passed. */
  #timers(): Timers {
    return {
      after: (delay, fire) => {
        let isOut = delay <= WAIT_MAX;
        void Promise.resolve().then(() => {
          if (!isOut) return;
          this.pass(delay);
          fire();
        });
        return () => {
          isOut = false;
        };
      },
    };
  }
}

/** A put of this row, newer than it by a tick: what the engine has in its place from now on. */
export function changed(row: Row, change: Partial<Row>): Mutation {
  const version = { ...row.version, time: row.version.time + 1 };
  return { kind: "put", row: { ...row, ...change, version } };
}

/** Whether `work` is refused with this code; words of the message, where they are known too. */
export async function refusedWith(
  code: KvErrorCode,
  work: () => Promise<unknown>,
  words = "",
): Promise<string | undefined> {
  try {
    await work();
    return `it was answered, wanted ${code}`;
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    if (error.code === code && error.message.includes(words)) return undefined;
    return `${error.message}; wanted ${code} ${words}`;
  }
}

/** The first flaw among those of the questions, asked one after another, with what it is of. */
export async function firstFlaw(
  questions: Iterable<readonly [string, () => Promise<string | undefined>]>,
): Promise<string | undefined> {
  for (const [says, ask] of questions) {
    const flaw = await ask();
    if (flaw !== undefined) return `${says}: ${flaw}`;
  }
  return undefined;
}
