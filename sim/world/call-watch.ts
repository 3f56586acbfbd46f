/** Watches what a server asks of its engine, request by request, for the oracle of service levels. */
import { type KvError, type KvErrorCode, type Micros, toHex } from "kvdal";
import type { KvRequest } from "kvdal/client";
import type {
  EngineCall,
  KeysRead,
  Partition,
  RangeRead,
  RowsPage,
  StorageEngine,
} from "kvdal/engine";
import type {
  AdmissionRecord,
  AnswerRecord,
  EngineCallRecord,
  RefusalRecord,
  ServerFailure,
} from "../check/server-history.ts";
import type { RequestRecord } from "../check/request-words.ts";
import { NAMESPACE } from "../workload/namespace-plan.ts";
import type { CacheWatch } from "./cache-watch.ts";
import type { SimNode } from "./node.ts";
import { requestKey } from "./request-key.ts";

/** A request that a server works on. */
type Watched = RequestRecord & {
  readonly over: Micros;
  readonly rowsMax: number;
  /** Whether it still collects a page: not before, and not when chunks are read for items that it has. */
  collecting: boolean;
  slowestRead: Micros;
  reads: number;
  readFailures: number;
  /** Virtual time of its arrival. */
  readonly since: Micros;
  /** Rows that its reads have looked at. */
  rowsExamined: number;
};

/** What is known of a request when it arrives; it is over at the monotonic instant `over`. */
type Arrival = Pick<RequestRecord, "operation" | "budget" | "longest"> & { readonly over: Micros };

/** What the watch goes by. */
type CallWatchParts = {
  readonly number: number;
  readonly rowsPerCallMax: number;
  readonly cache: CacheWatch | undefined;
};

/** Where a page token says the average size of the traversal's items: after seal, format, key id and items left. */
const TOKEN_AVERAGE_AT = 16 + 1 + 4 + 8;
/** Rows beyond the expected ones that a server may ask for: one in so many, and one for the fraction. */
const MARGIN = 16;
const PAGE_BYTES_DEFAULT = 65_536;

/** What servers answer when a back end has failed them. */
const BACK_END: ReadonlySet<KvErrorCode> = new Set([
  "UNAVAILABLE",
  "OUTCOME_UNKNOWN",
  "DEADLINE_EXCEEDED",
]);

/** The watch of one server. */
export class CallWatch {
  readonly calls: EngineCallRecord[] = [];
  readonly answers: AnswerRecord[] = [];
  readonly refusals: RefusalRecord[] = [];
  readonly failures: ServerFailure[] = [];
  readonly admissions: AdmissionRecord[] = [];
  readonly #node: SimNode;
  readonly #number: number;
  readonly #rowsPerCallMax: number;
  readonly #cache: CacheWatch | undefined;
  readonly #requests: Map<number, Watched> = new Map();

  /** The server is one of that number. */
  constructor(node: SimNode, { number, rowsPerCallMax, cache }: CallWatchParts) {
    this.#node = node;
    this.#number = number;
    this.#rowsPerCallMax = rowsPerCallMax;
    this.#cache = cache;
  }

  /** A request has arrived. */
  begin(key: number, request: KvRequest, of: Arrival): RequestRecord {
    const watched = {
      operation: of.operation,
      server: this.#number,
      verb: request.kind,
      budget: of.budget,
      longest: of.longest,
      over: of.over,
      rowsMax: rowsMaxOf(request),
      collecting: request.kind === "get_items" || request.kind === "scan_items",
      since: this.#node.world.now,
      slowestRead: 0,
      reads: 0,
      readFailures: 0,
      rowsExamined: 0,
    };
    this.#requests.set(key, watched);
    return watched;
  }

  /** It has been answered; `wasRead` when with a page. Returns how many reads of the engine that took. */
  end(key: number, wasRead: boolean): number {
    const watched = this.#requests.get(key);
    if (watched === undefined) return 0;
    this.#requests.delete(key);
    // A node that stands still answers when it goes on.
    const over = watched.over + (this.#node.late?.max ?? 0);
    if (wasRead) this.answers.push({ sent: this.#node.monotonic(), over, request: watched });
    return watched.reads;
  }

  /** It is answered with that error. */
  failedBy(key: number, code: KvErrorCode): void {
    const request = this.#requests.get(key);
    if (request === undefined) return;
    const { verb, budget, longest, reads } = request;
    this.failures.push({ kind: verb, code, budget: Math.min(budget, longest), reads, request });
  }

  /** A read has failed by its back ends, in a world with a cache. */
  failed(key: number, { code }: KvError, cache: CacheWatch): void {
    const watched = this.#requests.get(key);
    if (watched === undefined || !BACK_END.has(code)) return;
    const timeLeft = watched.over - this.#node.monotonic();
    cache.readFailed({ code, timeLeft, primaryFailures: watched.readFailures, request: watched });
  }

  /** The engine, watched. */
  over(engine: StorageEngine): StorageEngine {
    // Where the engine itself stops by bytes, rows beyond the expected ones cost nothing.
    const { pagesByBytes } = engine.capabilities;
    return {
      ...engine,
      write: (partition, mutations, call) => {
        this.#note(call, 0, this.#of(call));
        return engine.write(partition, mutations, call);
      },
      readKeys: (read, call) =>
        this.#shared(read, call, () =>
          this.#timed(read, call, read.keys.length, () => engine.readKeys(read, call)),
        ),
      readRange: (read, call) =>
        this.#shared(read, call, () =>
          this.#timed(read, call, pagesByBytes ? 1 : read.rowLimit, () =>
            engine.readRange(read, call),
          ),
        ),
      scan: (read, call) =>
        this.#timed(read, call, pagesByBytes ? 1 : read.rowLimit, () => engine.scan(read, call)),
    };
  }

  #of(call: EngineCall): Watched | undefined {
    return this.#requests.get(requestKey(call.signal));
  }

  #note(call: EngineCall, rows: number, watched: Watched | undefined): void {
    const begun = this.#node.monotonic();
    // What the engine itself refuses is no work of the back end.
    if (watched === undefined || call.deadline <= begun) return;
    const { over, rowsMax, collecting, slowestRead, reads, rowsExamined } = watched;
    this.calls.push({
      begun,
      over,
      deadline: call.deadline,
      // What a look at a cache takes comes on top of what is projected.
      slowestRead: collecting && this.#cache === undefined ? slowestRead : 0,
      rows,
      rowsMax:
        collecting && reads === 0 && this.#cache === undefined ? rowsMax : Number.POSITIVE_INFINITY,
      rowsLeft: collecting ? this.#rowsPerCallMax - rowsExamined : Number.POSITIVE_INFINITY,
      request: watched,
    });
  }

  /** Tells the cache's watch of a read that it may know another one of. */
  #shared(
    read: KeysRead | RangeRead,
    call: EngineCall,
    work: () => Promise<RowsPage>,
  ): Promise<RowsPage> {
    const watched = this.#cache === undefined ? undefined : this.#of(call);
    if (watched === undefined || read.table !== NAMESPACE || call.consistency === "all") {
      return work();
    }
    const cache = this.#cache as CacheWatch;
    const end = cache.beginRead(this.#node, questionOf(read), watched, read);
    return work().finally(end);
  }

  async #timed<P extends { readonly rowsExamined: number }>(
    { table }: Pick<Partition, "table">,
    call: EngineCall,
    rows: number,
    work: () => Promise<P>,
  ): Promise<P> {
    const watched = this.#of(call);
    // Chunks lie in a table of their own, and are read when the page is complete.
    if (watched !== undefined && table !== NAMESPACE) watched.collecting = false;
    this.#note(call, rows, watched);
    const begun = this.#node.monotonic();
    try {
      const page = await work();
      if (watched !== undefined) watched.rowsExamined += page.rowsExamined;
      return page;
    } catch (error) {
      if (watched !== undefined) watched.readFailures += 1;
      throw error;
    } finally {
      if (watched !== undefined) {
        watched.reads += 1;
        watched.slowestRead = Math.max(watched.slowestRead, this.#node.monotonic() - begun);
      }
    }
  }
}

/** What the token of a page calls for, counted a second time: the oracle must not trust the code it judges. */
function rowsMaxOf(request: KvRequest): number {
  const isTraversal = request.kind === "get_items" || request.kind === "scan_items";
  if (!isTraversal || request.pageToken === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const { pageToken: token, selection } = request;
  // No token at all: it is refused before anything is read.
  if (token.length < TOKEN_AVERAGE_AT + 4) return 0;
  const average = new DataView(token.buffer, token.byteOffset).getUint32(TOKEN_AVERAGE_AT);
  const expected = (selection.pageSizeBytes ?? PAGE_BYTES_DEFAULT) / average;
  return Math.floor(expected + expected / MARGIN) + 1;
}

/** What a read asks for: equal texts, equal questions. */
function questionOf(read: KeysRead | RangeRead): string {
  const { table, id, projection } = read;
  if ("keys" in read) return `${table} ${projection} ${read.keys.map(toHex).join()} ${id}`;
  const { range, reverse, rowLimit, byteLimit } = read;
  const bounds = `${boundOf(range.start)} ${boundOf(range.end)}`;
  return `${table} ${projection} ${bounds} ${reverse} ${rowLimit} ${byteLimit} ${id}`;
}

function boundOf(key: Uint8Array | undefined): string {
  return key === undefined ? "open" : toHex(key);
}
