/** Each oracle on small histories: what it lets pass, and what it must not. */
import { afterAll, expect, test } from "vitest";
import {
  type AdmissionRecord,
  type AnswerRecord,
  type CacheHistory,
  type ChunkedValue,
  type ClientTraffic,
  type EngineCallRecord,
  type Fault,
  type History,
  judge,
  type ListHistory,
  type Oracle,
  ORACLES,
  type ReadRecord,
  type SeenItem,
  type View,
  type Violation,
  type WriteRecord,
} from "../../sim/check/index.ts";
import {
  history,
  item,
  nonce,
  put,
  quiet,
  read,
  remove,
  scannedPages,
  trafficLimits,
} from "./histories.ts";
import { applied, ends, list } from "./list-histories.ts";
import { MORE_HISTORIES } from "./more-histories.ts";
import { engineCall, hedge, retry, traffic } from "./traffic-histories.ts";

function oracle(name: string): Oracle {
  const found = ORACLES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no oracle is called ${name}`);
  return found;
}

/** Rules that the histories below have made each oracle report. */
const reported = new Map<string, Set<string>>();

/** What the oracle says, noted. */
function verdict(name: string, of: History): Violation | undefined {
  const { rules, check } = oracle(name);
  const violation = check(of);
  if (violation === undefined) return undefined;
  expect(rules, `${name} declares what it reports`).toContain(violation.rule);
  reported.set(name, (reported.get(name) ?? new Set()).add(violation.rule));
  return violation;
}

const [old, young] = [put(1, 10), put(2, 20)];
const twin = put(10, 20, { order: { time: 20, rank: 0, expiry: 0, nonce: "" } });
const unknown = put(3, 30, { acknowledged: Number.POSITIVE_INFINITY });
const givenUp = put(13, 30, { chunked: 1, acknowledged: Number.POSITIVE_INFINITY });
const staging = put(14, 95, { chunked: 1, acknowledged: 120, ended: 120 });
const sent = put(12, 20, { ended: 30 });
const late = put(4, 105, { acknowledged: 108 });
const expiring = put(5, 40, { order: { time: 40, rank: 1, expiry: 90, nonce } });
const lasting = put(9, 45, { order: { time: 45, rank: 1, expiry: 900, nonce } });
const refused = put(6, 50, { refused: true, acknowledged: Number.POSITIVE_INFINITY });

test.each<readonly [name: string, writes: readonly WriteRecord[], seen: readonly SeenItem[]]>([
  ["the newest acknowledged put", [old, young], [item(young)]],
  ["a put whose outcome is unknown", [old, young, unknown], [item(unknown)]],
  ["the put before an unknown one", [old, young, unknown], [item(young)]],
  ["a put made while reading, or not", [young, late], [item(late)]],
  ["nothing, after a delete", [young, remove(7, 21)], []],
  ["a put newer than the delete", [remove(7, 5), young], [item(young)]],
  ["nothing, after an expiry", [expiring], []],
  ["nothing, where a delete is under way", [young, remove(7, 60, { acknowledged: 1e9 })], []],
])("reads: lets pass %s", (_name, writes, seen) => {
  expect(verdict("reads", history(writes, [read(seen)]))).toBeUndefined();
});

test.each<
  readonly [rule: string, name: string, writes: readonly WriteRecord[], seen: readonly SeenItem[]]
>([
  ["TOK-5", "an older put than an acknowledged one", [old, young], [item(old)]],
  ["TOK-6", "the loser of a tie", [twin, young], [item(twin)]],
  ["DEL-3", "a put that an acknowledged delete hides", [young, remove(7, 22)], [item(young)]],
  ["DEL-2", "a put in a deleted range", [young, remove(7, 22, { scope: "range" })], [item(young)]],
  [
    "DEL-1",
    "a put in a deleted record",
    [young, remove(7, 22, { scope: "record" })],
    [item(young)],
  ],
  ["DEL-4", "a put that arrived after its deletion", [sent, remove(7, 22)], [item(sent)]],
  ["PUT-4", "a put that an older deletion hides", [remove(7, 5), young], []],
  ["PUT-4", "a put that an older expiry hides", [expiring, put(11, 60)], []],
  ["DEL-6", "a put after a deletion after a put", [old, remove(7, 15), young], []],
  ["CHUNK-3", "an item that a writer which was given up took away", [young, givenUp], []],
  ["CHUNK-2", "an item that a writer takes away meanwhile", [young, staging], []],
  ["PUT-3", "an acknowledged put that is gone", [young], []],
  ["TTL-1", "an expiring put that is gone too soon", [lasting], []],
  ["TTL-2", "an expiry that moved", [lasting], [item(lasting, { expiresAt: 901 })]],
  ["TOK-6", "a blend of two writes", [old, young], [item(young, { contentFrom: 1 })]],
  ["TOK-4", "another token than the operation's", [young], [item(young, { writeTime: 21 })]],
  ["DATA-1", "bytes of no put", [young], [item(young, { valueFrom: 77 })]],
  ["DATA-1", "a value cut short", [young], [item(young, { whole: false })]],
  ["CHUNK-1", "a short value in chunks", [young], [item(young, { chunked: true })]],
  ["CHUNK-2", "chunks of a value mixed", [young], [item(young, { whole: false, chunked: true })]],
  ["TTL-1", "a put past its expiry", [expiring], [item(expiring)]],
  ["TOK-8", "a put that was refused", [refused], [item(refused)]],
  [
    "PUT-3",
    "an absence that only a refused deletion would explain",
    [young, remove(7, 60, { refused: true, acknowledged: Number.POSITIVE_INFINITY })],
    [],
  ],
])("reads: reports %s: %s", (rule, _name, writes, seen) => {
  expect(verdict("reads", history(writes, [read(seen)]))?.rule).toBe(rule);
});

test("reads: calls it PAGE-2 when a traversal misses an item", () => {
  const traversal = read([], { pages: [{ items: 0, bytes: 0, budget: 10, token: 0 }] });
  expect(verdict("reads", history([young], [traversal]))?.rule).toBe("PAGE-2");
});

const both = put(8, 20, { keys: 3 });
const [first, second] = [item(both), item(both, { key: 1 })];

const openPut = put(15, 30, { keys: 3, acknowledged: Number.POSITIVE_INFINITY });
const openRemoval = remove(16, 30, { keys: 3, acknowledged: Number.POSITIVE_INFINITY });

test.each<
  readonly [
    rule: string | undefined,
    name: string,
    writes: readonly WriteRecord[],
    seen: readonly SeenItem[],
  ]
>([
  [undefined, "all of a put", [both, openPut], [item(openPut), item(openPut, { key: 1 })]],
  [undefined, "none of it", [both, openPut], [first, second]],
  [undefined, "half of it that is newer", [both, put(17, 40)], [item(put(17, 40)), second]],
  [undefined, "all of a deletion", [both, openRemoval], []],
  [
    "PUT-2",
    "half of a put beside what it replaces",
    [both, openPut],
    [first, item(openPut, { key: 1 })],
  ],
  ["PUT-2", "half of a put beside nothing", [openPut], [item(openPut)]],
  ["PUT-2", "half of a deletion", [both, openRemoval], [first]],
  [
    undefined,
    "halves where values lie in chunks",
    [both, { ...openPut, chunked: 2 }],
    [first, item(openPut, { key: 1 })],
  ],
])("halves: says %s to %s", (rule, _name, writes, seen) => {
  const reads = [read(seen, { answered: 3, atOnce: true })];
  expect(verdict("halves", history(writes, reads))?.rule).toBe(rule);
  const apart = [read(seen, { answered: 3 })];
  expect(verdict("halves", history(writes, apart))).toBeUndefined();
  expect(verdict("halves", history(writes, reads, { writesAtOnce: false }))).toBeUndefined();
});

test("reads: calls it DEL-5 when servers cleaned up between a deletion and what it hides no more", () => {
  const cleaned = history([young, remove(7, 22)], [read([item(young)])], { cleanUps: [50] });
  expect(verdict("reads", cleaned)?.rule).toBe("DEL-5");
});

test("reads: calls it NS-4 when a traversal by an alias leaves the namespace that it began in", () => {
  const pages = [{ items: 1, bytes: 1, budget: 10, token: 0 }];
  const traversal = read([first], { answered: 3, byAlias: true, pages });
  expect(verdict("reads", history([both], [traversal]))?.rule).toBe("NS-4");
  const elsewhere = read([], { answered: 3, byAlias: true, pages });
  expect(verdict("reads", history([both], [elsewhere]))).toBeUndefined();
});

test("reads: calls it SCAN-1 when a scan misses an item", () => {
  expect(verdict("reads", history([young], [read([], { byScan: true })]))?.rule).toBe("SCAN-1");
  const elsewhere = read([], { byScan: true, byAlias: true });
  expect(verdict("reads", history([young], [elsewhere]))).toBeUndefined();
});

test("pages: has nothing to say of a scan", () => {
  const scanned = read([second, first], { byScan: true });
  expect(verdict("pages", history([both], [scanned]))).toBeUndefined();
});

test.each<readonly [rule: string | undefined, name: string, pages: string]>([
  [undefined, "records apart", "0 1.2 1.4 0.1 | 1 2.3"],
  [undefined, "a record on two pages", "0 1.2 | 0 1.4"],
  [undefined, "a record backward", "0 1.4 1.2"],
  [undefined, "pages of segments by turns", "0 1.2 | 1 0.1 | 0 1.4"],
  [undefined, "one item over the budget", "0! 1.2"],
  ["SCAN-1", "two of them", "0! 1.2 1.3"],
  ["SCAN-1", "an item twice", "0 1.2 | 0 1.2"],
  ["SCAN-1", "a record that turns round", "0 1.2 1.4 1.3"],
  ["SCAN-1", "a record in two segments", "0 1.2 | 1 1.4"],
  ["SCAN-1", "a record in pieces", "0 1.2 0.1 1.4"],
  ["SCAN-1", "a record of another namespace", "0 -1.2"],
])("scans: says %s to %s", (rule, _name, pages) => {
  const scans = [{ operation: 9, pages: scannedPages(pages, both) }];
  expect(verdict("scans", history([both], [], { scans }))?.rule).toBe(rule);
});

/** A traversal of both keys. */
function traversal(items: readonly SeenItem[], changes: Partial<ReadRecord> = {}): ReadRecord {
  return read(items, { answered: 3, ...changes });
}

test.each<readonly [rule: string | undefined, name: string, traversal: ReadRecord]>([
  [undefined, "keys in order", traversal([first, second])],
  [undefined, "keys in reverse order", traversal([second, first], { reverse: true })],
  ["PAGE-2", "a key twice", traversal([first, first])],
  ["PAGE-2", "keys out of order", traversal([second, first])],
  [
    "PAGE-1",
    "a page over its budget",
    traversal([first, second], { pages: [{ items: 2, bytes: 11, budget: 10, token: 0 }] }),
  ],
  [
    undefined,
    "one item over the budget",
    traversal([first], { pages: [{ items: 1, bytes: 11, budget: 10, token: 0 }] }),
  ],
  [
    "PAGE-4",
    "a token twice",
    traversal([first, second], {
      pages: [7, 7, 0].map((token) => ({ items: 1, bytes: 5, budget: 10, token })),
    }),
  ],
  ["GET-1", "a key that was not asked for", traversal([first, second], { answered: 1 })],
  ["GET-4", "more items than asked for", traversal([first, second], { itemLimit: 1 })],
])("pages: says %s to %s", (rule, _name, judged) => {
  expect(verdict("pages", history([both], [judged]))?.rule).toBe(rule);
});

test.each<readonly [rule: string | undefined, name: string, Partial<EngineCallRecord>]>([
  [undefined, "a call in time", {}],
  [undefined, "the last instant", { begun: 99 }],
  ["SLO-1", "one begun when it was over", { begun: 100, deadline: 101 }],
  ["SLO-3", "a later deadline for the engine", { deadline: 101 }],
  [undefined, "a read with time for the slowest so far", { slowestRead: 49 }],
  ["SLO-2", "a read without", { slowestRead: 50 }],
  ["PAGE-6", "more rows than the token calls for", { rows: 11 }],
  [undefined, "as many rows as it may still look at", { rowsLeft: 10 }],
  ["PAGE-5", "more rows than that", { rowsLeft: 9 }],
])("service levels: says %s to %s", (rule, _name, change) => {
  const calls = [engineCall, { ...engineCall, ...change }];
  expect(verdict("service levels", history([], [], { calls }))?.rule).toBe(rule);
});

test("service levels: says SLO-2 to a page that is answered too late", () => {
  const late = (sent: number): readonly AnswerRecord[] => [{ sent, over: 100 }];
  const ruleOf = (sent: number): string | undefined =>
    verdict("service levels", history([], [], { answers: late(sent) }))?.rule;
  expect([ruleOf(200), ruleOf(201)]).toEqual([undefined, "SLO-2"]);
});

test("service levels: says RES-2 to a refusal by a server that is not as busy as it may be", () => {
  const ruleOf = (inProgress: number): string | undefined =>
    verdict("service levels", history([], [], { refusals: [{ inProgress, requestsMax: 3 }] }))
      ?.rule;
  expect([ruleOf(3), ruleOf(2)]).toEqual([undefined, "RES-2"]);
});

const entry = { key: Uint8Array.of(1), time: 5, nonce: Uint8Array.of(7) };

test.each<readonly [rule: string | undefined, name: string, views: readonly View[]]>([
  [undefined, "replicas that show the same", [[entry], [entry], [entry]]],
  ["CONS-2", "one that shows nothing", [[entry], [entry], []]],
  ["CONS-2", "one that shows another time", [[entry], [{ ...entry, time: 6 }]]],
  ["CONS-2", "another nonce", [[entry], [{ ...entry, nonce: Uint8Array.of(8) }]]],
])("convergence: says %s to %s", (rule, _name, views) => {
  expect(verdict("convergence", history([], [], { views: [[], views] }))?.rule).toBe(rule);
});

const own = { client: 1 };
const tooNew = { code: "TOKEN_FROM_FUTURE" as const, acknowledged: Number.POSITIVE_INFINITY };
const mates = { listTimes: { first: 29, last: 30 } };
const tooOld = { code: "TOKEN_FROM_PAST" as const, acknowledged: Number.POSITIVE_INFINITY };
const order = (time: number): Pick<WriteRecord, "order"> => ({
  order: { time, rank: 0, expiry: 0, nonce },
});

test.each<readonly [rule: string | undefined, name: string, writes: readonly WriteRecord[]]>([
  [undefined, "tokens that increase", [put(1, 10, own), put(2, 11, own)]],
  ["TOK-2", "a token twice", [put(1, 10, own), put(2, 10, own)]],
  ["TOK-2", "a token that is older than the last", [put(1, 10, own), put(2, 9, own)]],
  [
    undefined,
    "clocks that differ as they may",
    [put(1, 990), put(2, 15, { begun: 1990, acknowledged: 2000 })],
  ],
  [
    "TOK-9",
    "a later write that loses",
    [put(1, 990), put(2, 15, { begun: 1992, acknowledged: 2000 })],
  ],
  [undefined, "a token at the window's end", [put(1, 10, order(32))]],
  ["TOK-3", "a token past the window that was taken", [put(1, 10, order(33))]],
  ["TOK-3", "a token before the window that was taken", [put(1, 2010, order(8))]],
  [undefined, "a token past the window", [put(1, 10, { ...order(30), ...tooNew })]],
  ["TOK-3", "a token in the window as too new", [put(1, 10, { ...order(29), ...tooNew })]],
  [undefined, "a list's last one too new", [put(1, 10, { ...order(29), ...tooNew, ...mates })]],
  [undefined, "a token before the window", [put(1, 2010, { ...order(11), ...tooOld })]],
  ["TOK-3", "a token in the window as too old", [put(1, 2010, { ...order(12), ...tooOld })]],
])("tokens: says %s to %s", (rule, _name, writes) => {
  expect(verdict("tokens", history(writes, []))?.rule).toBe(rule);
});

test.each<readonly [rule: string | undefined, AdmissionRecord["verdict"], number]>([
  [undefined, "taken", 3000],
  [undefined, "taken", 5020],
  [undefined, "TOKEN_FROM_PAST", 2999],
  [undefined, "TOKEN_FROM_FUTURE", 5021],
  ["TOK-3", "taken", 2999],
  ["TOK-3", "taken", 5021],
  ["TOK-3", "TOKEN_FROM_PAST", 3000],
  ["TOK-3", "TOKEN_FROM_FUTURE", 5020],
])("tokens: says %s to %s of token %i at a server whose clock shows 5000", (rule, met, time) => {
  const admissions = [{ time, wall: 5000, verdict: met }];
  expect(verdict("tokens", history([], [], { admissions }))?.rule).toBe(rule);
});

const finallyTold = (...states: readonly ("applied" | "pending" | "dead_lettered")[]) => ({
  final: new Map([[7, states]]),
});
const INFINITE = Number.POSITIVE_INFINITY;

test.each<readonly [rule: string | undefined, name: string, change: Partial<ListHistory>]>([
  [undefined, "a list that ends as it should", {}],
  [
    undefined,
    "what is doomed and was applied in time",
    { applied: [...ends.applied, applied(2, 535)] },
  ],
  ["MUT-3", "a write under another time", { applied: [applied(1, 530, { time: 700 })] }],
  ["MUT-3", "a write of no list", { applied: [applied(1, 530, { nonce: "11" })] }],
  ["MUT-3", "a deletion in a put's place", { applied: [applied(1, 530, { kind: "delete" })] }],
  [
    "MUT-2",
    "a deletion and a put of one time",
    { applied: [applied(0, 520), applied(1, 530, { time: 500 })] },
  ],
  [
    "MUT-1",
    "a later mutation before an earlier one",
    { applied: [applied(1, 520), applied(0, 530)] },
  ],
  [
    "MUT-1",
    "a later one while the earlier one is not in effect",
    { applied: [applied(0, 520, { ended: INFINITE }), applied(1, 530), applied(0, 540)] },
  ],
  ["MUT-1", "what is told to be applied and was not written", { applied: [applied(0, 520)] }],
  [
    "MUT-1",
    "what is told to be applied and is not durable",
    { applied: [applied(0, 520), applied(1, 530, { ended: 601 })] },
  ],
  ["MUT-1", "a mutation that waits in the end", finallyTold("applied", "pending", "dead_lettered")],
  ["MUT-1", "a list that nobody knows", finallyTold()],
  [
    undefined,
    "a list that was never accepted",
    { ...finallyTold(), lists: [{ ...list, accepted: INFINITE }] },
  ],
  [
    "MUT-1",
    "a dead letter of what could be applied",
    finallyTold("applied", "dead_lettered", "applied"),
  ],
  ["MUT-1", "a dead letter that is not listed", { letters: [] }],
  ["MUT-1", "a letter of what is applied", { letters: [...ends.letters, `500 ${nonce} 1`] }],
])("lists: says %s to %s", (rule, _name, change) => {
  expect(verdict("lists", history([], [], { lists: { ...ends, ...change } }))?.rule).toBe(rule);
});

test.each<readonly [rule: string | undefined, name: string, client: Partial<ClientTraffic>]>([
  [undefined, "a client that tries nothing again", {}],
  ["RETRY-1", "attempts of one mutation that differ", { otherIntents: [1] }],
  ["RETRY-3", "a hedged attempt that is still out", { strays: [1] }],
  ["SIG-3", "a long silence", { longestSilence: { operation: 1, micros: 41_101 } }],
  ["SIG-3", "more time than told", { longestBudget: { operation: 1, beyondMax: 1 } }],
  ["RETRY-2", "a call that outlives its time", { longestOverrun: { operation: 1, beyond: 101 } }],
  ["RETRY-3", "no hedges", { longestUnhedged: { operation: 1, calls: 30, beyond: 2_001 } }],
  [
    "RETRY-2",
    "a call given up too soon",
    { givenUp: [{ operation: 1, attempts: 4, timeLeft: 9_000, retries: 0 }] },
  ],
  [undefined, "as many retries as allowed, as early as allowed", { extras: [retry] }],
  ["RETRY-2", "one retry more", { extras: [{ ...retry, count: 8 }] }],
  ["RETRY-2", "a fifth retry", { extras: [{ ...retry, turn: 5, waited: 9_000 }] }],
  ["RETRY-2", "a retry too early", { extras: [{ ...retry, waited: 399 }] }],
  [undefined, "a later retry", { extras: [{ ...retry, turn: 2, waited: 1_000 }] }],
  ["RETRY-2", "a later retry as early as a first one", { extras: [{ ...retry, turn: 2 }] }],
  [undefined, "retries at the longest wait", { extras: [{ ...retry, turn: 4, waited: 1_500 }] }],
  [undefined, "one hedge in ten, at the target", { extras: [hedge] }],
  ["RETRY-3", "one hedge in nine", { extras: [{ ...hedge, calls: 9 }] }],
  ["RETRY-3", "a hedge before the target", { extras: [{ ...hedge, waited: 1_899 }] }],
  ["RETRY-3", "a third attempt at once", { extras: [{ ...hedge, turn: 2 }] }],
  ["RETRY-3", "a hedge without a target", { extras: [{ ...hedge, target: Infinity }] }],
])("attempts: says %s to %s", (rule, _name, change) => {
  const clients = [traffic, { ...traffic, ...change }];
  const of = history([], [], { traffic: { limits: trafficLimits, clients } });
  expect(verdict("attempts", of)?.rule).toBe(rule);
});

const fault: Fault = { operation: 3, kind: "read", code: "INTERNAL", message: "INTERNAL: oh" };

test.each<readonly [rule: string | undefined, name: string, fault: Fault | undefined]>([
  [undefined, "no error", undefined],
  ["ERR-3", "a fault of this software", fault],
  ["ERR-3", "a well-formed write that is refused", { ...fault, kind: "write" }],
  ["PAGE-3", "a page token refused in its traversal", { ...fault, code: "INVALID_ARGUMENT" }],
  ["CHUNK-5", "a value whose chunks are not there", { ...fault, code: "DATA_LOSS" }],
])("faults: says %s to %s", (rule, _name, met) => {
  expect(verdict("faults", history([], [], { fault: met }))?.rule).toBe(rule);
});

test("chunks: reports those that no item refers to", () => {
  const [old, now] = [10, 20].map((writeTime) => ({
    id: "r",
    key: "61",
    writeTime,
    staging: "07",
  }));
  const seen = (stored: readonly ChunkedValue[]): string | undefined =>
    verdict("chunks", history([], [], { chunks: { stored, referred: [now!] } }))?.rule;
  expect(seen([])).toBeUndefined();
  expect(seen([now!, now!])).toBeUndefined();
  expect(seen([now!, old!])).toBe("CHUNK-4");
  expect(seen([{ ...now!, id: "s" }])).toBe("CHUNK-4");
  expect(seen([{ ...now!, staging: "08" }])).toBe("CHUNK-4");
});

test("leftovers: reports what is left", () => {
  expect(verdict("leftovers", history([], []))).toBeUndefined();
  expect(verdict("leftovers", history([], [], { left: ["a timer"] }))?.rule).toBe("RES-1");
});

test.each<[rule: string | undefined, changes: Partial<CacheHistory>]>([
  [undefined, {}],
  ["CACHE-3", { asks: [{ failures: 3, since: 49 }] }],
  ["CACHE-3", { failedReads: [{ code: "UNAVAILABLE", timeLeft: 1, primaryFailures: 0 }] }],
  ["CACHE-5", { sharable: [{ question: "k" }] }],
  ["CACHE-7", { fills: [{ life: 1001, beyondItem: 0 }] }],
  ["CACHE-7", { fills: [{ life: 10, beyondItem: 1 }] }],
])("cache: reports %s of what servers ask and keep %j", (rule, changes) => {
  expect(verdict("cache", history([], [], { cache: { ...quiet, ...changes } }))?.rule).toBe(rule);
});

test("cache: what is wrong with an answer that the engine was not asked for is the cache's fault", () => {
  const cached = { cached: true } as const;
  const ofReads = (writes: readonly WriteRecord[], ...reads: readonly ReadRecord[]) =>
    verdict("cache", history(writes, reads, { cache: quiet }))?.rule;
  const older = put(1, 10);
  const newer = put(2, 20);
  expect(ofReads([older, newer], read([item(older)]))).toBeUndefined();
  expect(ofReads([older, newer], read([item(older)], cached))).toBe("CACHE-2");
  expect(ofReads([older, remove(3, 30, { scope: "range" })], read([item(older)], cached))).toBe(
    "CACHE-4",
  );
  expect(ofReads([older, remove(3, 30)], read([item(older)], cached))).toBe("CACHE-2");
  expect(ofReads([older], read([], cached))).toBe("CACHE-1");
  expect(ofReads([older], read([item(newer)], cached))).toBe("CACHE-6");
  const brief = put(4, 10, { order: { time: 10, rank: 1, expiry: 50, nonce } });
  expect(ofReads([brief], read([item(brief)], cached))).toBe("CACHE-7");
});

test("judge() gives the first violation of any oracle", () => {
  expect(judge(history([young], [read([item(young)])]))).toBeUndefined();
  expect(judge(history([young], [read([])], { left: ["a timer"] }))?.rule).toBe("PUT-3");
});

test.each(MORE_HISTORIES)("%s: says %s to %s", (name, rule, _name, of) => {
  expect(verdict(name, of)?.rule).toBe(rule);
});

afterAll(() => {
  for (const { name, rules } of ORACLES) {
    const never = rules.filter((rule) => reported.get(name)?.has(rule) !== true);
    expect(never, `rules that no history makes ${name} report`).toEqual([]);
  }
});
