/** How the Cassandra adapter is told where its cluster is and how to treat it. */
/**
 * Options of the driver, as its own documentation has them. Not its type: whoever imports kvdal without Cassandra
 * has no driver to take it from. What the adapter adds to is named.
 */
export type CassandraDriverOptions = {
  readonly protocolOptions?: { readonly port?: number };
  readonly encoding?: Readonly<Record<string, unknown>>;
  readonly socketOptions?: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
};

/** What `cassandra` needs to know. */
export type CassandraOptions = {
  /** `host` or `host:port` of some nodes; the driver finds the others. */
  readonly contactPoints: readonly string[];
  /** The data centre that LOCAL levels refer to, `datacenter1` on a node with SimpleSnitch. */
  readonly localDataCenter: string;
  /** Name of `[a-z][a-z0-9_]{0,47}`. All tables of this engine live in it. */
  readonly keyspace: string;
  /**
   * Copies by data centre. Given, `provision` makes the keyspace where it is missing; absent, the keyspace must
   * exist. The replication of one that exists is never changed.
   */
  readonly replication?: Readonly<Record<string, number>>;
  /**
   * Whether expiring rows and deletion markers carry a TTL of Cassandra's own; default true. Switch it off where
   * expiry is judged by another clock than the servers': then `sweep` alone removes them.
   */
  readonly nativeTtl?: boolean;
  /**
   * Least time-out of a native call, milliseconds; default 0. The time-out is what is left of the call's deadline
   * by the environment's clock; where that clock stands still during native calls, a floor keeps it from firing.
   */
  readonly timeoutMillisMin?: number;
  /** More options of the driver, such as TLS, credentials or address translation. The adapter's own come on top. */
  readonly driver?: CassandraDriverOptions;
};
