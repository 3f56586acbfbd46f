/** Makes place for tables of a while, looks at them, and ends them: test runs, judgements, simulations. No verb of the port. */
import { Client } from "cassandra-driver";
import type { CassandraOptions } from "./options.ts";
import { createKeyspace } from "./provision.ts";

/** Looks at, and drops, what it is told to. Each verb rejects with the driver's error when the cluster does not answer. */
export type CassandraJanitor = {
  /**
   * Makes the keyspace of its options, which name its replication, for what nobody needs once the servers have ended: its
   * writes go past the commit log. To drop anything, Cassandra flushes every table of which the log has writes.
   */
  readonly makeKeyspace: () => Promise<void>;
  /** A column a line, "name type kind", with the order of clustering ones; sorted by name. None: no such table. */
  readonly columnsOf: (table: string) => Promise<readonly string[]>;
  /** The keyspace of its options with all its tables; success where there is none. */
  readonly dropKeyspace: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Longest that the servers may take to make a keyspace, or to forget one, milliseconds. */
const CHANGE_MILLIS_MAX = 180_000;

const COLUMNS =
  "SELECT column_name, type, kind, clustering_order FROM system_schema.columns " +
  "WHERE keyspace_name = ? AND table_name = ?";

/** A janitor for the keyspace of these options, with a connection of its own from the first call on. */
export function cassandraJanitor(options: CassandraOptions): CassandraJanitor {
  const { driver = {}, contactPoints, localDataCenter, keyspace, replication = {} } = options;
  const client = new Client({ ...driver, contactPoints: [...contactPoints], localDataCenter });
  const run = async (statement: string): Promise<void> => {
    await client.execute(statement, [], { readTimeout: CHANGE_MILLIS_MAX });
  };
  return {
    makeKeyspace: () => run(`${createKeyspace(keyspace, replication)} AND durable_writes = false`),
    columnsOf: async (table) => {
      const { rows } = await client.execute(COLUMNS, [keyspace, table], { prepare: true });
      return rows.map((row) => {
        const words = ["column_name", "type", "kind", "clustering_order"].map((name) =>
          String(row.get(name)),
        );
        return words.filter((word) => word !== "none").join(" ");
      });
    },
    dropKeyspace: () => run(`DROP KEYSPACE IF EXISTS ${keyspace}`),
    close: () => client.shutdown(),
  };
}
