/** Who may watch a world from inside while it runs. A watcher changes nothing; without one nothing is told, and nothing paid. */
import type { IdempotencyToken, KvError, Micros } from "kvdal";
import type { KvRequest, KvResponse } from "kvdal/client";
import type {
  KeysRead,
  Mutation,
  Partition,
  RangeRead,
  ScanRead,
  StorageEngine,
} from "kvdal/engine";
import type { Point } from "../amplify/point.ts";
import type { OpenOperation } from "../workload/recorder.ts";
import type { Places } from "../workload/places.ts";
import type { SimNode } from "./node.ts";

/** What a message carries. `signal` is that of the call it is sent for: the request's name rides on it. */
export type Carried =
  | { readonly kind: "request"; readonly request: KvRequest }
  | {
      readonly kind: "answer";
      /** The name under which the server worked on it. */
      readonly thread: number;
      /** Absent for an error. */
      readonly answer?: KvResponse;
      readonly error?: KvError;
    }
  | {
      readonly kind: "write" | "repair";
      readonly partition: Partition;
      readonly mutations: readonly Mutation[];
      readonly signal?: AbortSignal;
    }
  | {
      readonly kind: "read";
      readonly read: KeysRead | RangeRead | ScanRead;
      readonly signal: AbortSignal;
    }
  | { readonly kind: "sweep"; readonly table: string; readonly signal: AbortSignal }
  /** A replica has taken a write in, or lost it since. */
  | { readonly kind: "taken"; readonly entry: { readonly lost: boolean } }
  /** What a replica answers to a read or scan. */
  | {
      readonly kind: "rows";
      readonly read: KeysRead | RangeRead | ScanRead;
      readonly reply: object;
    }
  | ({ readonly kind: "cache"; readonly signal: AbortSignal } & CacheQuestion)
  | { readonly kind: "cached"; readonly asked: CacheQuestion; readonly result: unknown };

/** What a server asks of a cache. */
export type CacheQuestion = {
  readonly verb: "get" | "set" | "add";
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
};

/** A message on its way out. */
export type Sending = {
  readonly from: SimNode;
  readonly to: SimNode;
  /** Its name, as its sender draws by it. */
  readonly key: number;
  /** It leaves so much later. */
  readonly wait: Micros;
  readonly carried: Carried | undefined;
};

/** One message, watched. */
export type WatchedMessage = {
  readonly dropped: (how: "lost" | "cut") => void;
  /** A copy is to arrive after `delay`; what is returned is to be called then, in place of `receive`. */
  readonly copy: (delay: Micros, receive: () => void) => () => void;
};

/** A watcher of one world. */
export type WorldTrace = {
  /** The world is about to begin. */
  readonly open: (nodes: readonly SimNode[], places: Places) => void;
  /** A moment of the world as a whole. */
  readonly mark: (what: string) => void;
  readonly begun: (open: OpenOperation) => void;
  /** The operation that is under way was given a token. */
  readonly token: (open: OpenOperation, token: IdempotencyToken) => void;
  readonly ended: (open: OpenOperation) => void;
  readonly sent: (sending: Sending) => WatchedMessage;
  /** The server takes up the request that just arrived, under this name. */
  readonly served: (server: SimNode, thread: number) => void;
  /** The server begins work of its own under this name: `clean-up`, `applier`. */
  readonly working: (server: SimNode, thread: number, what: string) => void;
  /** An amplification point fires for what goes by this name at a node, or for the operation that a client is at. */
  readonly fired: (node: SimNode, thread: number, point: Pick<Point, "name" | "what">) => void;
  /** The engine of a server, watched: the very promises that it returns. */
  readonly engine: (server: SimNode, engine: StorageEngine) => StorageEngine;
  /** A replica has a write in memory; it is on disk a moment later. */
  readonly applied: (
    replica: SimNode,
    partition: Partition,
    mutations: readonly Mutation[],
  ) => void;
  /** A replica has lost a write: by a crash, for it was not on disk yet, or with its disk. */
  readonly forgotten: (
    replica: SimNode,
    partition: Partition,
    mutations: readonly Mutation[],
    wasDurable: boolean,
  ) => void;
  readonly crashed: (node: SimNode) => void;
  readonly restarted: (node: SimNode) => void;
  /** The cache is empty from now on. */
  readonly flushed: () => void;
};
