/** The one way to the driver: deadline, consistency, one native call a request, errors mapped, no retries. */
import type { Client, policies, QueryOptions, types } from "cassandra-driver";
import { KvError } from "../../model/error.ts";
import type { EngineCall, EngineContext } from "../../ports/storage-engine.ts";
import { checkCall, millisLeft } from "../shared/call-guard.ts";
import { type Effect, mapCassandraError } from "./errors.ts";
import type { Statement } from "./statements.ts";

/** Sends statements. Every method is one native call, except `select`, which is one a page of the driver. */
export type Session = {
  /** Throws what a native call would for a call that is over, or after `close`. */
  readonly check: (call: EngineCall) => void;
  /** A change of the schema, or a look at it; not prepared. */
  readonly define: (query: string, params: readonly string[], call: EngineCall) => Promise<Rows>;
  /** One mutation, or several of one partition as one: all are seen together. At least one. */
  readonly mutate: (statements: readonly Statement[], call: EngineCall) => Promise<void>;
  /** All rows that the statement selects. `pageRows` is how many come in one native call. */
  readonly select: (statement: Statement, pageRows: number, call: EngineCall) => Promise<Rows>;
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

/** Consistency levels by their numbers in the native protocol. */
const LOCAL_QUORUM = 0x06;
const LOCAL_ONE = 0x0a;

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
    define: async (query, params, call) => {
      const answer = await send("define", "write", call, async (options) =>
        client.execute(query, [...params], { ...options, prepare: false }),
      );
      return answer.rows ?? [];
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
    close: async () => {
      if (closed) return;
      closed = true;
      await client.shutdown();
    },
  };
}

type Send = (
  label: string,
  effect: Effect,
  call: EngineCall,
  thunk: (options: QueryOptions) => Promise<types.ResultSet>,
) => Promise<types.ResultSet>;

function createSend(
  { env, native }: EngineContext,
  { timeoutMillisMin, retry }: SessionSettings,
  check: Session["check"],
): Send {
  return async (label, effect, call, thunk) => {
    check(call);
    const readTimeout = Math.max(timeoutMillisMin, millisLeft(call, env.clock));
    const options = { ...optionsOf(call), retry, readTimeout };
    try {
      return await native(label, async () => await thunk(options));
    } catch (error) {
      throw mapCassandraError(error, effect);
    }
  };
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
    consistency: call.consistency === "quorum" ? LOCAL_QUORUM : LOCAL_ONE,
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
