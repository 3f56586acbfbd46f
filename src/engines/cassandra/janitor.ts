/** The end of tables that were made for a while: test runs, judgements, simulations. No verb of the port. */
import { Client } from "cassandra-driver";
import type { CassandraOptions } from "./options.ts";

/** Drops what it is told to. Each verb rejects with the driver's error when the cluster does not answer. */
export type CassandraJanitor = {
  /** Success also where there is no such table. */
  readonly dropTable: (table: string) => Promise<void>;
  /** The keyspace of its options with all its tables; success where there is none. */
  readonly dropKeyspace: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Longest that the servers may take to forget a table or a keyspace, milliseconds. */
const DROP_MILLIS_MAX = 60_000;

/** A janitor for the keyspace of these options, with a connection of its own from the first call on. */
export function cassandraJanitor(options: CassandraOptions): CassandraJanitor {
  const { driver = {}, contactPoints, localDataCenter, keyspace } = options;
  const client = new Client({ ...driver, contactPoints: [...contactPoints], localDataCenter });
  const run = async (statement: string): Promise<void> => {
    await client.execute(statement, [], { readTimeout: DROP_MILLIS_MAX });
  };
  return {
    dropTable: (table) => run(`DROP TABLE IF EXISTS ${keyspace}.${table}`),
    dropKeyspace: () => run(`DROP KEYSPACE IF EXISTS ${keyspace}`),
    close: () => client.shutdown(),
  };
}
