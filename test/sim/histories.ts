/** Small histories, for tests of oracles. */
import type {
  CacheHistory,
  History,
  ReadRecord,
  ScannedPageRecord,
  SeenItem,
  TrafficLimits,
  WriteRecord,
} from "../../sim/check/index.ts";

/** Of every write. */
export const nonce: string = "00".repeat(16);

/** A put, acknowledged a microsecond after it began. */
export function put(
  operation: number,
  time: number,
  changes: Partial<WriteRecord> = {},
): WriteRecord {
  return {
    operation,
    client: operation,
    record: 0,
    keys: 1,
    kind: "put",
    scope: undefined,
    chunked: 0,
    order: { time, rank: 0, expiry: 0, nonce },
    begun: time,
    acknowledged: time + 1,
    ended: time + 1,
    code: undefined,
    refused: false,
    ...changes,
  };
}

/** A deletion of keys, as acknowledged. */
export function remove(
  operation: number,
  time: number,
  changes: Partial<WriteRecord> = {},
): WriteRecord {
  return put(operation, time, {
    kind: "delete",
    scope: "keys",
    order: { time, rank: 2, expiry: 0, nonce },
    ...changes,
  });
}

/** What a reader saw of it, whole. */
export function item(write: WriteRecord, changes: Partial<SeenItem> = {}): SeenItem {
  return {
    key: 0,
    valueFrom: write.operation,
    contentFrom: write.operation,
    writeTime: write.order.time,
    expiresAt: write.order.expiry,
    whole: true,
    chunked: false,
    staging: "",
    ...changes,
  };
}

/** A read of one key. */
export function read(items: readonly SeenItem[], changes: Partial<ReadRecord> = {}): ReadRecord {
  return {
    operation: 99,
    record: 0,
    answered: 1,
    begun: 100,
    ended: 110,
    reverse: false,
    itemLimit: 0,
    byScan: false,
    byAlias: false,
    cached: false,
    atOnce: false,
    items,
    pages: [],
    ...changes,
  };
}

/** What clients are allowed. */
export const trafficLimits: TrafficLimits = {
  attemptsMax: 5,
  backoffBase: 1_000,
  backoffMax: 3_000,
  retryShare: 0.5,
  retryBurst: 2,
  hedgeShare: 0.1,
  refreshMicros: 40_000,
};

/** A history of these writes and reads, and nothing else unless it is said. */
export function history(
  writes: readonly WriteRecord[],
  reads: readonly ReadRecord[],
  changes: Partial<History> = {},
): History {
  return {
    writes,
    reads,
    unanswered: [],
    scans: [],
    writesAtOnce: true,
    serverWall: (now) => ({ low: now - 1, high: now + 1 }),
    tokenWindow: { maxAge: 2000, maxDrift: 20 },
    clientSkew: 1000,
    fault: undefined,
    cleanUps: [],
    views: [],
    calls: [],
    answers: [],
    refusals: [],
    failures: [],
    isCalm: true,
    admissions: [],
    chunks: { stored: [], referred: [] },
    traffic: { limits: trafficLimits, clients: [] },
    cache: undefined,
    left: [],
    ...changes,
  };
}

/** A cache of which nothing is to be said. */
export const quiet: CacheHistory = {
  rules: { ttl: 1000, failuresMax: 3, openFor: 50 },
  fills: [{ life: 1000, beyondItem: 0 }],
  asks: [
    { failures: 2, since: 0 },
    { failures: 3, since: 50 },
  ],
  failedReads: [
    { code: "UNAVAILABLE", timeLeft: 10, primaryFailures: 1 },
    { code: "DEADLINE_EXCEEDED", timeLeft: 0, primaryFailures: 0 },
  ],
  sharable: [],
};

/** Pages apart by `|`: the segment, `!` where it is over its budget, then its items as `record.key`. */
export function scannedPages(text: string, of: WriteRecord): readonly ScannedPageRecord[] {
  return text.split(" | ").map((page) => {
    const [segment = "", ...items] = page.split(" ");
    const records = items.map((one) => {
      const [record, key] = one.split(".").map(Number);
      return { record: record ?? 0, item: item(of, { key: key ?? 0 }) };
    });
    return {
      segment: parseInt(segment, 10),
      bytes: page.includes("!") ? 11 : 10,
      budget: 10,
      items: records,
    };
  });
}
