/**
 * A workload in real time: the simulator's operations, recorder and oracles over real servers, while something is
 * done to the nodes behind them.
 */
import { type History, judge, type Violation, type WriteRecord } from "../../sim/check/index.ts";
import { drawOperations } from "../../sim/workload/draw-operations.ts";
import { NAMESPACE } from "../../sim/workload/namespace-plan.ts";
import { drawKeys } from "../../sim/workload/keys.ts";
import type { Operation } from "../../sim/workload/operation.ts";
import { perform } from "../../sim/workload/perform.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";
import { type OpenOperation, Recorder } from "../../sim/workload/recorder.ts";
import { LIMITS as TRAFFIC_LIMITS } from "../../sim/world/client-limits.ts";
import { Fingerprint } from "../../sim/world/fingerprint.ts";
import { planRandom } from "../../sim/world/keyed-random.ts";
import type { CallLimits } from "../../src/client/call.ts";
import { monotonicTokens } from "../../src/client/token-source.ts";
import type { KvError } from "../../src/model/error.ts";
import { HOUR, MILLISECOND, type Micros, SECOND } from "../../src/model/time.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import type { KvStore } from "../../src/open.ts";
import type { Env } from "../../src/ports/env.ts";
import { sleep } from "../../src/ports/timers.ts";
import { systemEnv } from "../../src/system/env.ts";
import { clientOf } from "./deployment.ts";

/** Bounds of a call: several attempts, each long enough for a coordinator to do without one node. */
const LIMITS: Partial<CallLimits> = {
  attemptTimeoutMicros: SECOND,
  attemptsMax: 20,
  backoffBase: 10 * MILLISECOND,
  backoffMax: 200 * MILLISECOND,
};

const CLIENTS = 4;
const RECORDS = 4;
const OPERATIONS_PER_CLIENT = 20_000;
/** By how much the wall clock may be misjudged from the steady one, microseconds. */
const WALL_SLACK = 20 * MILLISECOND;

/** An operation that failed. */
export type Failure = {
  readonly operation: Operation;
  readonly begun: Micros;
  readonly ended: Micros;
  readonly token: OpenOperation["token"];
  readonly error: KvError;
};

/** A run over these servers, which have the simulator's namespace. Keys and operations follow from `seed`. */
export class LiveRun {
  readonly env: Env = systemEnv();
  readonly keys: readonly Uint8Array[];
  readonly failures: Failure[] = [];
  readonly limits: Partial<CallLimits> & Pick<CallLimits, "timeoutMicros">;
  /** Longest that a mutation took; reads may be several calls. No call outlives its deadline. */
  longest: Micros = 0;
  readonly #servers: readonly KvStore[];
  readonly #seed: number;
  readonly #recorder: Recorder;
  readonly #wallOffset: Micros;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(servers: readonly KvStore[], seed: number, timeoutMicros: Micros) {
    const { clock } = this.env;
    this.limits = { ...LIMITS, timeoutMicros };
    this.#servers = servers;
    this.#seed = seed;
    this.keys = drawKeys(planRandom(seed, "keys"));
    this.#wallOffset = clock.wall() - clock.monotonic();
    const fingerprint = new Fingerprint();
    this.#recorder = new Recorder(
      {
        get now() {
          return clock.monotonic();
        },
        fingerprint,
      },
      this.keys.length,
      Number.POSITIVE_INFINITY,
      RECORDS,
    );
  }

  /** Ids of the run's records. */
  get ids(): readonly string[] {
    return Array.from({ length: RECORDS }, (_, record) => this.#id(record));
  }

  get writes(): Recorder["writes"] {
    return this.#recorder.writes;
  }

  get reads(): Recorder["reads"] {
    return this.#recorder.reads;
  }

  /** Starts the clients. They go on, whatever happens, until `stop`. */
  start(): void {
    this.#stopped = false;
    this.#running = Promise.all(
      Array.from({ length: CLIENTS }, (_, client) => this.#client(client)),
    );
  }

  /** Lets every client end the call it is in. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Sends every mutation whose outcome is unknown again, under its token, until it is acknowledged. */
  async completeUnknown(): Promise<number> {
    const unknown = this.failures.filter(({ error }) => error.applied === "unknown");
    let completed = 0;
    for (const { operation, token } of unknown) {
      if (token === undefined) continue;
      await this.#perform(operation, () => token);
      completed += 1;
    }
    return completed;
  }

  /** Reads every record whole through each server, then judges all that was seen, and what each node shows. */
  async judge(views: History["views"] = []): Promise<Violation | undefined> {
    for (const [server, store] of this.#servers.entries()) {
      for (let record = 0; record < RECORDS; record += 1) {
        const index = READ_BACK_FIRST + server * RECORDS + record;
        const to = this.keys.length;
        const whole = {
          from: 0,
          to,
          pageBytes: 4096,
          itemLimit: 0,
          reverse: false,
          byAlias: false,
        } as const;
        const readBack: Operation = { index, think: 0, giveUp: 0, record, kind: "page", ...whole };
        await this.#perform(readBack, monotonicTokens(this.env).next, [store]);
      }
    }
    const { reads, fault } = this.#recorder;
    const serverWall = (now: Micros): { low: Micros; high: Micros } => ({
      low: now + this.#wallOffset - WALL_SLACK,
      high: now + this.#wallOffset + WALL_SLACK,
    });
    return judge({
      writes: merged(this.#recorder.writes),
      reads,
      cleanUps: [],
      unanswered: [],
      scans: [],
      writesAtOnce: true,
      serverWall,
      tokenWindow: { maxAge: HOUR, maxDrift: 5 * SECOND },
      clientSkew: WALL_SLACK,
      fault,
      views,
      chunks: { stored: [], referred: [] },
      cache: undefined,
      calls: [],
      answers: [],
      refusals: [],
      failures: [],
      isCalm: false,
      admissions: [],
      traffic: { limits: TRAFFIC_LIMITS, clients: [] },
      left: [],
    });
  }

  /** One client: its operations in turn, through whichever server each attempt meets. */
  async #client(client: number): Promise<void> {
    const shape = {
      records: RECORDS,
      keyCount: this.keys.length,
      operations: OPERATIONS_PER_CLIENT,
      thinkMax: 8 * MILLISECOND,
      // Their tables have the records of other runs.
      scans: false,
      isMostlyRead: false,
    };
    const random = planRandom(this.#seed, `operations ${client}`);
    const source = monotonicTokens(this.env);
    const operations = drawOperations(random, shape, 1 + client * OPERATIONS_PER_CLIENT);
    for (const drawn of operations) {
      if (this.#stopped) return;
      // These servers have the namespace under its own name alone.
      const operation = drawn.kind === "page" ? { ...drawn, byAlias: false } : drawn;
      await sleep(this.env.timers, operation.think);
      await this.#perform(operation, source.next);
    }
  }

  async #perform(
    operation: Operation,
    nextToken: () => IdempotencyToken,
    servers = this.#servers,
  ): Promise<void> {
    const number = clientOfOperation(operation);
    const { env, keys } = this;
    const open = this.#recorder.begin(operation, number);
    const ignored = (): undefined => undefined;
    const next = (): IdempotencyToken => (open.token ??= nextToken());
    const tokens = { next, observe: ignored, refused: ignored };
    const client = clientOf(servers, env, { tokens, limits: this.limits });
    const idOf = (record: number): string => this.#id(record);
    await perform(client, {
      operation,
      id: idOf(operation.record),
      keys,
      open,
      places: { records: RECORDS, idOf, namespaceOf: () => NAMESPACE },
      lists: this.#recorder.lists,
      recordOf: () => -1,
      wait: (micros) => sleep(env.timers, micros),
    });
    this.#recorder.end(open);
    const { error, begun, token } = open;
    const ended = env.clock.monotonic();
    if (error !== undefined) this.failures.push({ operation, begun, ended, token, error });
    if (operation.kind === "page" || operation.kind === "get") return;
    this.longest = Math.max(this.longest, ended - begun);
  }

  #id(record: number): string {
    return `r${this.#seed}-${record}`;
  }
}

/** The client that an operation is of, by its number. */
function clientOfOperation({ index }: Operation): number {
  return Math.floor((index - 1) / OPERATIONS_PER_CLIENT);
}

/** A mutation that was sent again stands once: begun when it first was, acknowledged when it was at last. */
function merged(writes: readonly WriteRecord[]): readonly WriteRecord[] {
  const byOperation = new Map<number, WriteRecord>();
  for (const write of writes) {
    const first = byOperation.get(write.operation);
    const begun = Math.min(write.begun, first?.begun ?? Infinity);
    byOperation.set(write.operation, { ...write, begun });
  }
  return [...byOperation.values()];
}
