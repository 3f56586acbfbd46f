import type { RealEngine } from "./backend.ts";

/** How many nodes a cluster has: with a copy on each, two are a majority. */
export const CLUSTER_NODES = 3;

/** The data centre of all nodes. */
export const DATA_CENTER = "datacenter1";

/** How a cluster is wanted. */
export type ClusterOptions = {
  /**
   * As for a single engine: a shared one is attached to if it runs, and left running by `release`; a private one is
   * fresh, may be killed and paused, and goes with `release`. Default: true.
   */
  readonly shared?: boolean;
  /** The commit log of its nodes, as for a single engine. Default: `periodic`. */
  readonly commitLogSync?: "periodic" | "batch";
  /** The name of a private one, for `joinCluster` in another process. Default: one that nobody else has. */
  readonly name?: string;
};

/**
 * Three Cassandra nodes in one data centre, each a container with an address of its own on a network of the
 * cluster, which it keeps when it is started again. A node is killed, paused and started like a single engine; but
 * **drop a table before the first kill**: until then a node has the changes of its schema in memory alone.
 */
export type CassandraCluster = {
  readonly available: true;
  readonly name: string;
  /** What LOCAL levels refer to. */
  readonly dataCenter: string;
  readonly nodes: readonly RealEngine[];
  /** From the start command until every node saw every other, milliseconds; undefined if it ran before. */
  readonly bootMillis: number | undefined;
  /** `host:port` of every node. */
  contactPoints(): readonly string[];
  /** Waits until every node answers and sees every other, as after a restart. */
  settle(): Promise<void>;
  /** The caller is done with it: a private one is removed, a shared or joined one goes on. */
  release(): Promise<void>;
};
