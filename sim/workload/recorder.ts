/** Writes the history down while it happens. */
import { type IdempotencyToken, type KvError, type KvErrorCode, toHex } from "kvdal";
import type {
  Fault,
  PageRecord,
  ReadRecord,
  ScannedPageRecord,
  ScanRecord,
  SeenItem,
  WriteRecord,
} from "../check/history.ts";
import type { ToldState } from "../check/list-history.ts";
import type { JournalEntry, ScanStop, World } from "../world/world.ts";
import { CORE_FIRST } from "../faults/core.ts";
import { ListRecorder, writesOf } from "./list-recorder.ts";
import { openOperation } from "./open-operation.ts";
import { keysOf, type Operation } from "./operation.ts";

/** An operation that is under way. */
export type OpenOperation = {
  readonly operation: Operation;
  readonly client: number;
  readonly begun: number;
  token: IdempotencyToken | undefined;
  /** What the client's clock showed when it made the token. */
  shown: number | undefined;
  /** An attempt was delivered twice: "not applied" then speaks of one delivery only. */
  doubled: boolean;
  error: KvError | undefined;
  /** Of a list that was accepted. */
  requestId: string | undefined;
  /** What was told of which list. */
  told: { readonly list: number; readonly states: readonly ToldState[] } | undefined;
  /** A server answered without a read of the primary. */
  cached: boolean;
  /** A server looked more than once for a page of it, as where one look takes too long for all of its keys. */
  inSteps: boolean;
  /** Keys that were asked for came by one look, in one page. */
  atOnce: boolean;
  /** In a world of several regions: those whose servers answered, each once, the last one last. */
  answeredIn: readonly number[] | undefined;
  readonly items: SeenItem[];
  readonly pages: PageRecord[];
  /** Of a scan; undefined before its first page. */
  scanned: ScannedPageRecord[] | undefined;
  /** Of a scan: where it was given up, and gone on with. */
  stops: ScanStop[] | undefined;
};

/** Codes that no world gives a client reason to meet. */
const FAULTS: ReadonlySet<KvErrorCode> = new Set([
  "INTERNAL",
  "INVALID_ARGUMENT",
  "DATA_LOSS",
  "TOO_LARGE",
]);

/** Of what the core is asked: a client of its own on the node of the first, with tokens of its own. */
const CORE_CLIENT = -1;

/** How much a deletion names. */
const SCOPES: Readonly<Partial<Record<Operation["kind"], WriteRecord["scope"]>>> = {
  delete_keys: "keys",
  delete_range: "range",
  delete_record: "record",
};

/** Operations by outcome. */
export type OutcomeCounters = { succeeded: number; unknown: number; failed: number };

/** What of a world the recorder needs: the time of the history, and where answers are folded into. */
export type RecordedWorld = Pick<World, "now" | "fingerprint"> &
  Partial<Pick<World, "journal" | "events">>;

/** Collects the history of one world and folds it into the fingerprint. */
export class Recorder {
  readonly writes: WriteRecord[] = [];
  readonly reads: ReadRecord[] = [];
  /** Reads that ended in an error. */
  readonly unanswered: ReadRecord[] = [];
  readonly scans: ScanRecord[] = [];
  readonly lists: ListRecorder = new ListRecorder();
  readonly counters: OutcomeCounters = { succeeded: 0, unknown: 0, failed: 0 };
  /** The first error that no caller should ever see. */
  fault: Fault | undefined;
  readonly #world: RecordedWorld;
  readonly #keyCount: number;
  readonly #chunkAboveBytes: number;
  readonly #recordCount: number;

  /** Values of more than `chunkAboveBytes` lie in chunks. */
  constructor(
    world: RecordedWorld,
    keyCount: number,
    chunkAboveBytes: number,
    recordCount: number,
  ) {
    this.#world = world;
    this.#keyCount = keyCount;
    this.#chunkAboveBytes = chunkAboveBytes;
    this.#recordCount = recordCount;
  }

  begin(operation: Operation, client: number): OpenOperation {
    const { journal, now } = this.#world;
    journal?.push(journalled(operation.index, client, now));
    return openOperation(operation, client, now);
  }

  /** An attempt arrived a second time, perhaps long after the end: the second may be taken where the first was not. */
  doubled(open: OpenOperation): void {
    open.doubled = true;
    this.#change(writesOf(open.operation), { refused: false });
  }

  #change(operations: readonly number[], changes: Partial<WriteRecord>): void {
    for (const number of operations) {
      const at = this.writes.findIndex(({ operation }) => operation === number);
      const write = this.writes[at];
      if (write !== undefined) this.writes[at] = { ...write, ...changes };
    }
  }

  /** The operation has ended, well or not: it becomes part of the history. */
  end(open: OpenOperation): void {
    const { operation, error } = open;
    if (error === undefined) this.counters.succeeded += 1;
    else if (error.applied === "unknown") this.counters.unknown += 1;
    else this.counters.failed += 1;
    const kind = isRead(operation) ? "read" : "write";
    if (error !== undefined && FAULTS.has(error.code)) {
      const { code, message } = error;
      this.fault ??= { operation: operation.index, kind, code, message };
    }
    if (operation.kind === "scan") this.#endScan(open, operation.byAlias);
    else if (operation.kind === "list") {
      this.writes.push(...this.lists.endList(open, this.#world.now, this.#keyCount));
    } else if (operation.kind === "status") this.#endStatus(open);
    else if (kind === "read") this.#endRead(open);
    else this.#endWrite(open);
    this.#addToFingerprint(open);
    if (this.#world.journal !== undefined) this.#endEntry(open, this.#world.journal);
  }

  #endEntry(open: OpenOperation, journal: JournalEntry[]): void {
    const { operation, error, items, pages, token, scanned = [], stops } = open;
    const entry = journal.findLast((each) => each.operation === operation.index);
    if (entry === undefined) return;
    entry.ended = this.#world.now;
    entry.outcome = error?.code ?? "ok";
    if (error !== undefined && !isRead(operation)) entry.applied = error.applied;
    const given = scanned.flatMap((page) => page.items);
    entry.items = items.length + given.length;
    entry.seen = [...items, ...given.map(({ record, item }) => ({ ...item, record }))];
    entry.pages = [...pages];
    if (operation.kind === "scan") entry.scanned = { pages: scanned.length, stops: stops ?? [] };
    if (token !== undefined) entry.dated = token.generationTime;
    entry.endEvent = this.#world.events ?? 0;
  }

  /** A mutation of a list counts as acknowledged from when it is first told to be applied. */
  #endStatus(open: OpenOperation): void {
    const { now } = this.#world;
    const applied = new Set(this.lists.endStatus(open, now));
    if (applied.size === 0) return;
    for (const [at, write] of this.writes.entries()) {
      const isUntold = write.acknowledged === Number.POSITIVE_INFINITY;
      if (!isUntold || !applied.has(write.operation)) continue;
      this.writes[at] = { ...write, acknowledged: now };
    }
  }

  #endWrite(open: OpenOperation): void {
    const { operation, token, error } = open;
    if (token === undefined) return;
    const isPut = operation.kind === "put";
    const expiry = isPut && operation.ttl > 0 ? token.generationTime + operation.ttl : 0;
    this.writes.push({
      operation: operation.index,
      client: operation.index < CORE_FIRST ? open.client : CORE_CLIENT,
      record: operation.record,
      keys: keysOf(operation, this.#keyCount),
      kind: isPut ? "put" : "delete",
      scope: SCOPES[operation.kind],
      chunked: isPut ? this.#chunkedKeys(operation) : 0,
      order: {
        time: token.generationTime,
        rank: isPut ? (expiry === 0 ? 0 : 1) : 2,
        expiry,
        nonce: toHex(token.nonce),
      },
      begun: open.begun,
      acknowledged: error === undefined ? this.#world.now : Number.POSITIVE_INFINITY,
      ended: this.#world.now,
      code: error?.code,
      refused: error?.applied === "no" && !open.doubled,
      ...(error?.applied === "no" && { toldRefused: true }),
      shown: open.shown,
      ...(open.answeredIn && { answeredIn: open.answeredIn.at(-1) }),
    });
  }

  #chunkedKeys({ items }: Extract<Operation, { kind: "put" }>): number {
    let keys = 0;
    for (const { key, bytes } of items) if (bytes > this.#chunkAboveBytes) keys |= 1 << key;
    return keys;
  }

  #endRead(open: OpenOperation): void {
    const { operation, error } = open;
    if (error !== undefined) {
      this.unanswered.push(this.#readOf(operation, { ...open, items: [], pages: [] }));
    } else this.reads.push(this.#readOf(operation, open));
  }

  #readOf(operation: Operation, open: OpenOperation): ReadRecord {
    const { items, pages } = open;
    const reverse = operation.kind === "page" && operation.reverse;
    const itemLimit = operation.kind === "page" ? operation.itemLimit : 0;
    const asked = keysOf(operation, this.#keyCount);
    const cutOff = itemLimit > 0 && items.length >= itemLimit;
    return {
      operation: operation.index,
      record: operation.record,
      answered: cutOff ? asked & upTo(items.at(-1)!.key, reverse) : asked,
      begun: open.begun,
      ended: this.#world.now,
      reverse,
      itemLimit,
      byScan: false,
      byAlias: operation.kind === "page" && operation.byAlias,
      cached: open.cached,
      atOnce: open.atOnce,
      ...(open.answeredIn && { answeredIn: open.answeredIn }),
      items,
      pages,
    };
  }

  /** A scan reads every record. */
  #endScan(open: OpenOperation, byAlias: boolean): void {
    const { operation, error, begun, answeredIn, scanned = [] } = open;
    if (error !== undefined) return;
    this.scans.push({ operation: operation.index, pages: scanned });
    const all = scanned.flatMap(({ items }) => items);
    for (let record = 0; record < this.#recordCount; record += 1) {
      this.reads.push({
        operation: operation.index,
        record,
        answered: keysOf(operation, this.#keyCount),
        begun,
        ended: this.#world.now,
        reverse: false,
        itemLimit: 0,
        byScan: true,
        cached: false,
        atOnce: false,
        ...(answeredIn && { answeredIn }),
        // It is of one namespace: where anything came, nothing may be missing.
        byAlias: byAlias && all.length === 0,
        items: all.filter((each) => each.record === record).map(({ item }) => item),
        pages: [],
      });
    }
  }

  #addToFingerprint(open: OpenOperation): void {
    const { fingerprint } = this.#world;
    fingerprint.add(open.operation.index);
    fingerprint.add(open.error === undefined ? 0 : open.error.code.length);
    for (const page of open.scanned ?? []) fingerprint.add(page.bytes * 64 + page.segment);
    for (const item of open.items) fingerprint.add(item.key * 65_536 + item.valueFrom);
  }
}

function journalled(operation: number, client: number, begun: number): JournalEntry {
  return {
    operation,
    client,
    begun,
    ended: undefined,
    outcome: "unanswered",
    items: 0,
    endEvent: 0,
  };
}

function isRead({ kind }: Operation): boolean {
  return kind === "get" || kind === "page" || kind === "scan";
}

/** Bits of the keys that a traversal has passed when it stops at `key`. */
function upTo(key: number, reverse: boolean): number {
  const below = (1 << key) - 1;
  return reverse ? ~below : below | (1 << key);
}
