/** The engines that live outside this process. RocksDB and memory need no backend: they are in it. */
export type EngineName = "cassandra" | "dynamodb" | "memcached";

/** Where an engine came from: somebody's endpoint, a container, or a plain process of ours. */
export type ProviderName = "endpoint" | "container" | "process";

/**
 * Where a client reaches an engine now. **A restart can change the port: ask again after each.**
 *
 * - Cassandra: `new Client({ contactPoints: [host], protocolOptions: { port }, localDataCenter: "datacenter1" })`.
 *   The node calls itself 127.0.0.1 towards clients and the driver uses `protocolOptions.port` for every
 *   node, so no address translation is needed. Make a new `Client` after a restart.
 * - DynamoDB Local: `endpoint: address`, any region, credentials of letters and digits only.
 * - memcached: `address` is what memjs takes.
 */
export type Endpoint = {
  readonly host: string;
  readonly port: number;
  /** As the environment variables hold it: `host:port`, for DynamoDB `http://host:port`. */
  readonly address: string;
};

/** How an engine is wanted. */
export type EngineOptions = {
  /**
   * A shared engine is attached to if one of ours already runs, and is left running by `release`: for tests
   * that keep to names of their own and never kill it. A private one is fresh, controllable, never an endpoint
   * from a variable, and goes with `release`: for crash tests. Default: true.
   */
  readonly shared?: boolean;
  /**
   * Cassandra's commit log. `periodic` (default) may lose the last 100 ms of acknowledged writes when the
   * only node is killed; `batch` loses none. Other engines ignore it.
   */
  readonly commitLogSync?: "periodic" | "batch";
};

/** A running engine and what can be done to it. Every verb waits until its effect is seen. */
export type RealEngine = {
  readonly available: true;
  readonly engine: EngineName;
  readonly provider: ProviderName;
  /** From the start command to the first answer, milliseconds; undefined if it was running before. */
  readonly bootMillis: number | undefined;
  /** Whether stop, start, kill, pause, resume and restart work; not for an endpoint somebody else runs. */
  readonly controllable: boolean;
  /** Where it answers now. */
  endpoint(): Endpoint;
  /** Ends it politely (SIGTERM). Data on disk stay for the next `start`; DynamoDB Local and memcached forget. */
  stop(): Promise<void>;
  /** Starts it again after `stop` or `kill`, and waits until it answers. Does nothing if it runs. */
  start(): Promise<void>;
  /** Ends it at once (SIGKILL); what was not on disk is lost. */
  kill(): Promise<void>;
  /** Freezes it: connections stay open, nothing is answered. */
  pause(): Promise<void>;
  /** Ends `pause`. */
  resume(): Promise<void>;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
  /** What it has written on its console so far; empty for an endpoint somebody else runs. */
  logs(): Promise<string>;
  /** Memory in use now, bytes (a container's as `docker stats` counts it); undefined if not to be seen. */
  memoryBytes(): Promise<number | undefined>;
  /** The caller is done with it: a private engine is removed, a shared one goes on for the next caller. */
  release(): Promise<void>;
};

/** Why an engine cannot be had here. An answer, not an error: the caller says it and goes on. */
export type Unavailable = {
  readonly available: false;
  readonly engine: EngineName;
  /** What is missing, one sentence. */
  readonly why: string;
  /** What the reader can do about it, one sentence with the command or variable. */
  readonly howToGet: string;
};

/** One way to have an engine. `undefined`: this way does not apply here, try the next. */
export type Provider = {
  readonly name: ProviderName;
  open(engine: EngineName, options: EngineOptions): Promise<RealEngine | Unavailable | undefined>;
};
