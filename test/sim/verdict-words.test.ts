/** What verdicts on a server's work say: verb, server, what was given and what was left, and for which operation. */
import { expect, test } from "vitest";
import { type History, ORACLES } from "../../sim/check/index.ts";
import { REPLICATED } from "../../sim/index.ts";
import { PlanRun } from "../../sim/plan-run.ts";
import { planOfSeed } from "../../sim/campaign/plan-of-seed.ts";
import { history, put } from "./histories.ts";
import { applied, ends } from "./list-histories.ts";
import { engineCall } from "./traffic-histories.ts";

const request = {
  operation: 77,
  server: 1,
  verb: "get_items",
  budget: 300_000,
  longest: 14_000,
} as const;
const refused = { time: 1, wall: 5_000, verdict: "TOKEN_FROM_PAST", request } as const;
const late = { begun: 764, over: 0, deadline: 1_000, request };
const cacheRules = { ttl: 1, failuresMax: 1, openFor: 1 };
const cache = { rules: cacheRules, fills: [], asks: [], failedReads: [], sharable: [] };
const failedRead = { code: "UNAVAILABLE", timeLeft: 1, primaryFailures: 0, request };
const staged = { id: "r", key: "00", writeTime: 10, staging: "07" };

test.each<readonly [rule: string, says: string, Partial<History>]>([
  [
    "SLO-1",
    "the engine was asked 0.764 ms after the time was over; the call came with 300 ms, " +
      "the namespace's longest latency is 14 ms",
    { calls: [{ ...engineCall, ...late }] },
  ],
  [
    "SLO-3",
    "the engine was given 300 ms, 14 ms were left",
    { calls: [{ ...engineCall, begun: 0, over: 14_000, deadline: 300_000, request }] },
  ],
  [
    "SLO-2",
    "a read was begun with 0.05 ms left, after one that took 0.05 ms",
    { calls: [{ ...engineCall, slowestRead: 50, request }] },
  ],
  ["SLO-2", "a page was answered 0.2 ms after", { answers: [{ sent: 300, over: 100, request }] }],
  ["RES-2", "wanted 3 or more", { refusals: [{ inProgress: 1, requestsMax: 3, request }] }],
  ["PAGE-5", "wanted at most 9 more", { calls: [{ ...engineCall, rowsLeft: 9, request }] }],
  ["TOK-3", "wanted taken", { admissions: [refused], tokenWindow: { maxAge: 9_000, maxDrift: 0 } }],
  [
    "ERR-3",
    "with INTERNAL",
    {
      isCalm: true,
      failures: [{ kind: "get_items", code: "INTERNAL", budget: 9, reads: 0, request }],
    },
  ],
  ["CACHE-3", "and 1 µs left", { cache: { ...cache, failedReads: [failedRead] } }],
  [
    "CACHE-5",
    "were out",
    { cache: { ...cache, sharable: [{ question: "k", requests: [request] }] } },
  ],
])("%s says what was given and left, by whom and for which operation", (rule, says, parts) => {
  const found = ORACLES.map(({ check }) => check(history([], [], parts))).find(
    (violation) => violation?.rule === rule,
  );
  expect(found?.what).toContain("get_items at server 1: ");
  expect(found?.what).toContain(says);
  expect(found?.operations).toEqual([77]);
});

test("without a longest latency none is told", () => {
  const { POSITIVE_INFINITY } = Number;
  const call = { ...engineCall, ...late, request: { ...request, longest: POSITIVE_INFINITY } };
  const found = ORACLES.map(({ check }) => check(history([], [], { calls: [call] })));
  expect(found.find((violation) => violation?.rule === "SLO-1")?.what).toMatch(/with 300 ms$/);
});

test("CHUNK-4 names the write that left its chunks", () => {
  const writes = [{ ...put(5, 10), chunked: 1 }, { ...put(6, 11), chunked: 1 }, put(7, 10)];
  const parts = { chunks: { stored: [staged], referred: [] } };
  const found = ORACLES.map(({ check }) => check(history(writes, [], parts)));
  expect(found.find((violation) => violation?.rule === "CHUNK-4")?.operations).toEqual([5]);
});

test("MUT-1 counts mutations from 1, and names the one that was overtaken", () => {
  const lists = { ...ends, applied: [applied(1, 520), applied(0, 530)] };
  const found = ORACLES.map(({ check }) => check(history([], [], { lists })));
  expect(found.find((violation) => violation?.rule === "MUT-1")?.what).toBe(
    "mutation 2 of a list was applied before mutation 1, of the same record",
  );
});

test("in a world every call, answer and token is known by the operation that it is for", async () => {
  const plan = planOfSeed(3, { factory: REPLICATED, isCached: false });
  const run = new PlanRun(plan, REPLICATED, undefined);
  let seen: History | undefined;
  run.result(await run.run(), (judged) => {
    seen = judged;
    return undefined;
  });
  const { calls, answers, admissions, writes } = seen!;
  for (const records of [calls, answers, admissions]) {
    expect(records.length).toBeGreaterThan(50);
    expect(records.every(({ request: of }) => of !== undefined && of.operation > 0)).toBe(true);
  }
  const servers = new Set(calls.map(({ request: of }) => of?.server));
  const numbers = [...Array.from({ length: plan.topology.servers }).keys()];
  expect(servers).toEqual(new Set(numbers));
  const taken = new Set(admissions.map(({ request: of }) => of?.operation));
  const acknowledged = writes.filter(
    ({ acknowledged: at, operation }) => at < Number.POSITIVE_INFINITY && operation < 800_000,
  );
  expect(acknowledged.filter(({ operation }) => !taken.has(operation))).toEqual([]);
});
