/** What clients did, in words: also what is asked of a world's end. */
import { expect, test } from "vitest";
import { drawPlan, REPLICATED } from "../../sim/index.ts";
import { answerWords } from "../../sim/words/answer-words.ts";
import { clockLines, sinceBeginning } from "../../sim/words/clock-words.ts";
import { operationWords } from "../../sim/words/operation-words.ts";
import { toldOperations } from "../../sim/explain/told.ts";
import { wrappedLines } from "../../sim/words/columns.ts";
import { originWords } from "../../sim/words/origin-words.ts";
import { CORE_FIRST } from "../../sim/faults/core.ts";
import { detailParts } from "../../sim/shrink/detail-parts.ts";
import type { WatchedRun } from "../../sim/watch-plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";
import { recordsOf } from "../../sim/workload/places.ts";
import { STATUS_FIRST } from "../../sim/workload/lists-plan.ts";
import { type JournalEntry, WALL_ORIGIN } from "../../sim/world/world.ts";

const plan = { ...drawPlan(1, REPLICATED.topology), operations: [] };

test.each([
  [CORE_FIRST, "puts key 0 of record 0, up to 8 bytes at the minimal core"],
  [CORE_FIRST + 1, "gets key 0 of record 0 at the minimal core"],
  [READ_BACK_FIRST + recordsOf(plan) + 1, "reads record 1 back through server 1"],
  [STATUS_FIRST, "asks in the end what became of a list"],
])("operation %i of a world's end is told as the reader's", (operation, does) => {
  const journal = [{ operation, client: 0, begun: 1_000, outcome: "open", items: 0 }];
  const violation = { rule: "X-1", what: "it", operations: [operation], also: [] };
  const told = toldOperations(plan, { journal, violation } as unknown as WatchedRun);
  expect(told.map(({ says }) => says)).toEqual([
    `the reader ${does}, from 1 ms: never told anything`,
  ]);
});

const put = (operation: number, isDoomed: boolean) =>
  ({ kind: "put", operation, record: 3, isDoomed, keys: [operation] }) as const;
const list = (...mutations: readonly ReturnType<typeof put>[]) =>
  ({ kind: "list", index: 9, think: 0, record: 0, giveUp: 0, mutations }) as const;

test("mutations of a list are counted from 1, in its words and in what it could lack", () => {
  const two = list(put(1, false), put(2, true));
  expect(operationWords(two)).toBe(
    "hands in a list: (1) put key 1 of record 3; (2) put key 2 of record 3 in the doomed namespace",
  );
  expect(operationWords(list(put(1, false)))).toBe("hands in a list: put key 1 of record 3");
  expect(detailParts({ ...plan, operations: [[two]] }).map(({ says }) => says)).toEqual([
    "mutation 1 of operation 9",
    "mutation 2 of operation 9",
    "the doom of mutation 2 of operation 9",
  ]);
});

const item = (key: number): object => ({ key, valueFrom: 7 });
const page = (token: number): object => ({ token });

test.each<readonly [string, boolean, Partial<JournalEntry>, says: string]>([
  ["a write", false, {}, "ok"],
  ["a refusal", true, { outcome: "OVERLOADED" }, "OVERLOADED"],
  [
    "a refused write",
    false,
    { outcome: "TOKEN_FROM_PAST", applied: "no" },
    "TOKEN_FROM_PAST, told as not applied",
  ],
  [
    "a lost write",
    false,
    { outcome: "CANCELLED", applied: "unknown" },
    "CANCELLED, told as perhaps applied",
  ],
  ["a read of nothing", true, {}, "ok, no item"],
  ["a read", true, { items: 1, seen: [item(3)] as never }, "ok, 1 item: key 3 by 7"],
  ["a last page", true, { pages: [page(0)] as never }, "ok, no item; 1 page, no page token"],
  ["a page amid", true, { pages: [page(9)] as never }, "ok, no item; 1 page, with a page token"],
  [
    "a traversal",
    true,
    {
      items: 8,
      seen: [1, 2, 3, 4, 5, 6, 7, 8].map(item) as never,
      pages: [page(9), page(0)] as never,
    },
    "ok, 8 items: key 1 by 7, key 2 by 7, key 3 by 7, key 4 by 7, key 5 by 7, key 6 by 7, 2 more; " +
      "2 pages, 1 with a page token",
  ],
  ["a scan of nothing", true, { scanned: { pages: 0, stops: [] } }, "ok, no item; no page"],
  [
    "a scan that was given up and went on",
    true,
    {
      items: 2,
      seen: [
        { ...item(1), record: 4 },
        { ...item(2), record: -1 },
      ] as never,
      scanned: {
        pages: 11,
        stops: [
          { pages: 5, code: undefined },
          { pages: 2, code: "OVERLOADED" },
          { pages: 1, code: undefined },
        ],
      },
    },
    "ok, 2 items: key 1 of record 4 by 7, key 2 of no record by 7; " +
      "11 pages, stopped after 5, 2 (OVERLOADED) and 1 page, gone on from its checkpoint",
  ],
])("the answer to %s is told", (_name, isRead, told, says) => {
  const entry = {
    operation: 1,
    client: 0,
    begun: 1,
    ended: 2,
    outcome: "ok",
    items: 0,
    endEvent: 1,
  };
  expect(answerWords({ ...entry, ...told }, isRead)).toBe(says);
});

test("what decides by clocks is told: dates, expiry, and what servers' clocks showed", () => {
  const put = { kind: "put", index: 3, record: 0, ttl: 41_000, items: [] };
  const still = { offset: 0, driftPpm: 0, resolution: 1_000 };
  const own = { ...plan, troubles: [], clocks: plan.clocks.map(() => still) };
  const of = { ...own, operations: [[put]] } as unknown as typeof plan;
  const entry = { client: 0, outcome: "ok", items: 0, endEvent: 1 };
  const journal = [
    { ...entry, operation: 3, begun: 2_000, ended: 3_000, dated: WALL_ORIGIN + 2_500 },
    { ...entry, operation: 4, begun: 50_100, ended: 51_200 },
  ];
  expect(clockLines(of, journal, new Set([3, 4]))).toEqual([
    "By their tokens 3 is dated 2.5 ms and expires at 43.5 ms; " +
      "while 4 ran, servers' clocks showed 50 ms to 51 ms.",
  ]);
  expect(clockLines({ ...of, operations: [] }, journal, new Set([3, 4]))).toEqual([]);
});

test("instants of wall clocks are told from the world's beginning", () => {
  const text = `written at ${WALL_ORIGIN + 31_508}, wanted its token's ${WALL_ORIGIN - 1}, of 30 bytes`;
  expect(sinceBeginning(text)).toBe(
    "written at 31.508 ms, wanted its token's -0.001 ms, of 30 bytes",
  );
  expect(sinceBeginning("bytes 0707070707070707")).toBe("bytes 0707070707070707");
});

test("lines are wrapped between words, a number beside its unit, where there is room", () => {
  const line = `  * 1: ${"word ".repeat(17)}abcdef 8 ms`;
  expect(wrappedLines([line, "b"], 3)).toEqual([line.slice(0, -5), "      8 ms", "b"]);
  expect(wrappedLines([line, "b"], 2)).toEqual([line, "b"]);
});

test("a world that was cut down is told by its own seed, whatever network was drawn for it", () => {
  const own = { ...plan, operations: [[list(put(1, false))]] };
  expect(originWords(own, own)).toBe(`Seed ${plan.seed}`);
  expect(originWords({ ...own, seed: 99, operations: [[]] }, own)).toBe(
    `Cut down from seed ${plan.seed}`,
  );
  expect(originWords({ ...own, seed: 99 }, plan)).toBe("Cut down, network of seed 99");
});
