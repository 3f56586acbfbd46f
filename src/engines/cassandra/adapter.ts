/** Cassandra 4.1 and 5.0 behind the engine port. */
import { KvError } from "../../model/error.ts";
import type { EngineAdapter, EngineContext, StorageEngine } from "../../ports/storage-engine.ts";
import { cassandraCapabilities } from "./capabilities.ts";
import { driverOptions } from "./driver-options.ts";
import { loadLibrary } from "./library.ts";
import type { CassandraOptions } from "./options.ts";
import { provision } from "./provision.ts";
import { readKeys, readRange } from "./read.ts";
import { scan } from "./scan.ts";
import { createSession, type Session } from "./session.ts";
import type { TableName } from "./statements.ts";
import { sweep } from "./sweep.ts";
import { write } from "./write.ts";

export type { CassandraOptions } from "./options.ts";

/**
 * The adapter for one keyspace of one cluster. `open` connects, and fails UNAVAILABLE when no node answers.
 *
 * Last-write-wins, range tombstones and expiry are Cassandra's own. There is one native call a request and no
 * retry: a call that fails unknown is safe to repeat with the same versions.
 */
export function cassandra(options: CassandraOptions): EngineAdapter {
  return {
    name: "cassandra",
    open: async (context) => createEngine(await connect(options, context), options),
  };
}

async function connect(options: CassandraOptions, context: EngineContext): Promise<Session> {
  const library = await loadLibrary();
  const client = new library.Client(driverOptions(options, library));
  try {
    await context.native("connect", async () => await client.connect());
  } catch (cause) {
    await client.shutdown();
    const points = options.contactPoints.join(", ");
    throw new KvError("UNAVAILABLE", `no connection to ${points}`, { cause });
  }
  return createSession(client, context, {
    timeoutMillisMin: options.timeoutMillisMin ?? 0,
    // Rethrows everything: whether and when to try again is decided where tokens and budgets are known.
    retry: new library.policies.retry.FallthroughRetryPolicy(),
  });
}

function createEngine(session: Session, options: CassandraOptions): StorageEngine {
  const { keyspace, replication, nativeTtl = true } = options;
  const named = (table: string): TableName => ({ keyspace, table });
  return {
    capabilities: cassandraCapabilities(nativeTtl),
    provision: async (spec, call) => provision(session, named(spec.table), spec, replication, call),
    write: async ({ table, id }, mutations, call) =>
      write(session, named(table), id, mutations, { nativeTtl }, call),
    readKeys: async (read, call) => readKeys(session, named(read.table), read, call),
    readRange: async (read, call) => readRange(session, named(read.table), read, call),
    putIfAbsent: async () => {
      throw new KvError("UNSUPPORTED", "Cassandra's conditions take no timestamp of ours");
    },
    scan: async (read, call) => scan(session, named(read.table), read, call),
    sweep: async (request, call) => sweep(session, named(request.table), request, nativeTtl, call),
    close: session.close,
  };
}
