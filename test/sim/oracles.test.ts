/** Each oracle on small histories: what it lets pass, and what it must not. */
import { expect, test } from "vitest";
import {
  checkConvergence,
  checkPages,
  checkReads,
  type History,
  type ReadRecord,
  type SeenItem,
  type WriteRecord,
} from "../../sim/check/index.ts";

const nonce = "00".repeat(16);

function put(operation: number, time: number, changes: Partial<WriteRecord> = {}): WriteRecord {
  return {
    operation,
    record: 0,
    keys: 1,
    kind: "put",
    order: { time, rank: 0, expiry: 0, nonce },
    begun: time,
    acknowledged: time + 1,
    refused: false,
    ...changes,
  };
}

function remove(operation: number, time: number, changes: Partial<WriteRecord> = {}): WriteRecord {
  return put(operation, time, {
    kind: "delete",
    order: { time, rank: 2, expiry: 0, nonce },
    ...changes,
  });
}

function item(write: WriteRecord, changes: Partial<SeenItem> = {}): SeenItem {
  return {
    key: 0,
    valueFrom: write.operation,
    contentFrom: write.operation,
    writeTime: write.order.time,
    expiresAt: write.order.expiry,
    whole: true,
    chunked: false,
    ...changes,
  };
}

function read(items: readonly SeenItem[], changes: Partial<ReadRecord> = {}): ReadRecord {
  return {
    operation: 99,
    record: 0,
    answered: 1,
    begun: 100,
    ended: 110,
    reverse: false,
    itemLimit: 0,
    items,
    pages: [],
    ...changes,
  };
}

function history(writes: readonly WriteRecord[], reads: readonly ReadRecord[]): History {
  return { writes, reads, serverWall: (now) => ({ low: now - 1, high: now + 1 }) };
}

const [old, young] = [put(1, 10), put(2, 20)];
const unknown = put(3, 30, { acknowledged: Number.POSITIVE_INFINITY });
const late = put(4, 105, { acknowledged: 108 });
const expiring = put(5, 40, { order: { time: 40, rank: 1, expiry: 90, nonce } });
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
])("checkReads() lets pass %s", (_name, writes, seen) => {
  expect(checkReads(history(writes, [read(seen)]))).toBeUndefined();
});

test.each<
  readonly [rule: string, name: string, writes: readonly WriteRecord[], seen: readonly SeenItem[]]
>([
  ["TOK-5", "an older put than an acknowledged one", [old, young], [item(old)]],
  ["DEL-4", "a put that an acknowledged delete hides", [young, remove(7, 21)], [item(young)]],
  ["TOK-5", "an acknowledged put that is gone", [young], []],
  ["TOK-6", "a blend of two writes", [old, young], [item(young, { contentFrom: 1 })]],
  ["TOK-4", "another token than the operation's", [young], [item(young, { writeTime: 21 })]],
  ["DATA-1", "bytes of no put", [young], [item(young, { valueFrom: 77 })]],
  ["DATA-1", "a value cut short", [young], [item(young, { whole: false })]],
  ["CHUNK-2", "chunks of a value mixed", [young], [item(young, { whole: false, chunked: true })]],
  ["TTL-1", "a put past its expiry", [expiring], [item(expiring)]],
  ["TOK-8", "a put that was refused", [refused], [item(refused)]],
])("checkReads() reports %s: %s", (rule, _name, writes, seen) => {
  expect(checkReads(history(writes, [read(seen)]))?.rule).toBe(rule);
});

test("checkReads() calls it PAGE-2 when a traversal misses an item", () => {
  const traversal = read([], { pages: [{ items: 0, bytes: 0, budget: 10 }] });
  expect(checkReads(history([young], [traversal]))?.rule).toBe("PAGE-2");
});

const both = put(8, 20, { keys: 3 });
const [first, second] = [item(both), item(both, { key: 1 })];

test.each<readonly [rule: string | undefined, name: string, traversal: ReadRecord]>([
  [undefined, "keys in order", read([first, second])],
  [undefined, "keys in reverse order", read([second, first], { reverse: true })],
  ["PAGE-2", "a key twice", read([first, first])],
  ["PAGE-2", "keys out of order", read([second, first])],
  [
    "PAGE-1",
    "a page over its budget",
    read([first, second], { pages: [{ items: 2, bytes: 11, budget: 10 }] }),
  ],
  [
    undefined,
    "one item over the budget",
    read([first], { pages: [{ items: 1, bytes: 11, budget: 10 }] }),
  ],
  ["GET-4", "more items than asked for", read([first, second], { itemLimit: 1 })],
])("checkPages() says %s to %s", (rule, _name, traversal) => {
  expect(checkPages(history([both], [traversal]))?.rule).toBe(rule);
});

test("checkConvergence() reports a replica that shows another write, or none", () => {
  const entry = { key: Uint8Array.of(1), time: 5, nonce: Uint8Array.of(7) };
  expect(checkConvergence(0, [[entry], [entry], [entry]])).toBeUndefined();
  expect(checkConvergence(0, [[entry], [entry], []])?.rule).toBe("CONS-2");
  expect(checkConvergence(0, [[entry], [{ ...entry, time: 6 }]])?.rule).toBe("CONS-2");
  expect(checkConvergence(0, [[entry], [{ ...entry, nonce: Uint8Array.of(8) }]])?.rule).toBe(
    "CONS-2",
  );
});
