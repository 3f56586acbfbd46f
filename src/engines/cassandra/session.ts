/** The one way to the driver: deadline, consistency, one native call a request, errors mapped, no retries. */
import type { Client, policies, QueryOptions, types } from "cassandra-driver";
import type { EngineConsistency } from "../../model/consistency.ts";
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import { MILLISECOND, SECOND } from "../../model/time.ts";
import type { EngineCall, EngineContext } from "../../ports/storage-engine.ts";
import type { Env } from "../../ports/env.ts";
import { sleep } from "../../ports/timers.ts";
import { checkCall, millisLeft } from "../shared/call-guard.ts";
import { allAgree, reachedAgree } from "./agreement.ts";
import { type Effect, mapCassandraError } from "./errors.ts";
import type { Statement } from "./statements.ts";

/** Sends statements. Every method is one native call, except `select`, which is one a page of the driver. */
export type Session = {
  /** Throws what a native call would for a call that is over, or after `close`. */
  readonly check: (call: EngineCall) => void;
  /** Microseconds until the call's deadline. */
  readonly timeLeft: (call: EngineCall) => Micros;
  /** A change of the schema, or a look at it; not prepared. */
  readonly define: (query: string, params: readonly string[], call: EngineCall) => Promise<Rows>;
  /** Waits until all nodes have the same schema; those that hang or are down, for seconds only. Fails with the call's deadline. */
  readonly agree: (call: EngineCall) => Promise<void>;
  /** One mutation, or several of one partition as one: all are seen together. At least one. */
  readonly mutate: (statements: readonly Statement[], call: EngineCall) => Promise<void>;
  /** All rows that the statement selects. `pageRows` is how many come in one native call. */
  readonly select: (statement: Statement, pageRows: number, call: EngineCall) => Promise<Rows>;
  /** The token that Cassandra keeps a record by. */
  readonly tokenOf: (id: string) => bigint;
  readonly close: () => Promise<void>;
};

/** Rows as the driver gives them. */
export type Rows = readonly types.Row[];

/** What goes with every request. */
export type SessionSettings = {
  /** Least time-out, milliseconds, whatever is left of the deadline. */
  readonly timeoutMillisMin: number;
  readonly retry: policies.retry.RetryPolicy;
};

/**
 * Levels by their numbers in the native protocol: LOCAL_ONE, LOCAL_QUORUM, QUORUM, ALL. Reads and writes go at the same
 * one, and two majorities of the same copies always have one in common. EACH_QUORUM for writes would make reads
 * cheaper, but one region that is away would stop all writes, where QUORUM goes on with the majority of three.
 * At ALL a read whose copies differ repairs them before it answers: `read_repair` is BLOCKING unless a table says no.
 */
const LEVELS: Readonly<Record<EngineConsistency, number>> = {
  eventual: 0x0a,
  quorum: 0x06,
  global_quorum: 0x04,
  all: 0x05,
};

/** Time between two looks at the nodes' schemas, and how long all of them are waited for, microseconds. */
const AGREE_EVERY = 50 * MILLISECOND;
const AGREE_ALL_WITHIN = 5 * SECOND;

/** What the driver is given beyond the deadline to say itself that it passed, and at which node, microseconds. */
const DEADLINE_SLACK = 20 * MILLISECOND;

/** A session over a connected client, which it owns from now on. */
export function createSession(
  client: Client,
  context: EngineContext,
  settings: SessionSettings,
): Session {
  let closed = false;
  const check = (call: EngineCall): void => {
    if (closed) throw new KvError("UNAVAILABLE", "the engine is closed, wanted an open one");
    checkCall(call, context.env.clock, "no");
  };
  const send = createSend(context, settings, check);
  return {
    check,
    timeLeft: (call) => call.deadline - context.env.clock.monotonic(),
    define: async (query, params, call) => {
      const answer = await send("define", "write", call, async (options) =>
        client.execute(query, [...params], { ...options, prepare: false }),
      );
      return answer.rows ?? [];
    },
    agree: async (call) => {
      const { timers, clock } = context.env;
      const patient = clock.monotonic() + AGREE_ALL_WITHIN;
      const look = (): Promise<boolean> =>
        clock.monotonic() < patient ? allAgree(client) : reachedAgree(client);
      while (!(await send("agree", "read", call, look))) await sleep(timers, AGREE_EVERY);
    },
    mutate: async (statements, call) => {
      const [first, ...others] = statements.map(checked);
      if (first === undefined) throw new KvError("INTERNAL", "no statement, wanted at least one");
      await send("mutate", "write", call, async (options) =>
        others.length === 0
          ? client.execute(first.query, first.params, options)
          : client.batch([first, ...others], { ...options, logged: false }),
      );
    },
    select: async (statement, pageRows, call) => {
      const { query, params } = checked(statement);
      return await readPages(pageRows, async (page) =>
        send("select", "read", call, async (options) =>
          client.execute(query, params, { ...options, ...page }),
        ),
      );
    },
    tokenOf: (id) => BigInt(String(client.metadata.newToken(Buffer.from(id)).getValue())),
    close: async () => {
      if (closed) return;
      closed = true;
      await client.shutdown();
    },
  };
}

type Send = <T>(
  label: string,
  effect: Effect,
  call: EngineCall,
  thunk: (options: QueryOptions) => Promise<T>,
) => Promise<T>;

function createSend(
  { env, native }: EngineContext,
  { timeoutMillisMin, retry }: SessionSettings,
  check: Session["check"],
): Send {
  return async (label, effect, call, thunk) => {
    check(call);
    const readTimeout = Math.max(timeoutMillisMin, millisLeft(call, env.clock));
    const options = { ...optionsOf(call), retry, readTimeout };
    const work = native(label, async () => await thunk(options));
    try {
      return await inTime(work, call, env);
    } catch (error) {
      throw mapCassandraError(error, effect);
    }
  };
}

/**
 * What the work comes to, or DEADLINE_EXCEEDED when the call's time is up: the driver's time-out is that of the
 * request alone, and begins when its statement is prepared, for which a node that hangs may take seconds.
 */
async function inTime<T>(work: Promise<T>, { deadline }: EngineCall, env: Env): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const left = Math.max(0, deadline - env.clock.monotonic()) + DEADLINE_SLACK;
  const cancel = env.timers.after(left, () =>
    reject(new KvError("DEADLINE_EXCEEDED", `no answer of Cassandra within ${left} µs`)),
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    cancel();
  }
}

/** A page may be empty or short and still not be the last: only a missing paging state says so. */
async function readPages(
  fetchSize: number,
  readPage: (page: QueryOptions) => Promise<types.ResultSet>,
): Promise<Rows> {
  const rows: types.Row[] = [];
  let page: QueryOptions = { fetchSize };
  for (;;) {
    const answer = await readPage(page);
    rows.push(...answer.rows);
    if (!answer.pageState) return rows;
    page = { fetchSize, pageState: answer.pageState };
  }
}

function optionsOf(call: EngineCall): QueryOptions {
  return {
    prepare: true,
    autoPage: false,
    isIdempotent: true,
    consistency: LEVELS[call.consistency],
  };
}

/** The statement with a list of its own. A value left out would be bound as "unset", silently. */
function checked({ query, params }: Statement): { query: string; params: unknown[] } {
  const missing = params.findIndex((param) => (param as unknown) === undefined || param === null);
  if (missing >= 0) {
    throw new KvError("INTERNAL", `value ${missing} is missing in: ${query}`, { applied: "no" });
  }
  return { query, params: [...params] };
}
