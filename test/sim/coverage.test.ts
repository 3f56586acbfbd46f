/** Which faults touch which calls: what counts as a touch, what can never be one, and plans without some kinds. */
import { expect, test } from "vitest";
import { coverageOf, countCells } from "../../sim/campaign/coverage.ts";
import { FAULT_KINDS, faultBit, type FaultKind } from "../../sim/faults/kinds.ts";
import { FAULT_SWITCHES, type FaultSwitch, onlyFaults } from "../../sim/faults/only.ts";
import { drawPlan, noSums, REPLICATED, runSeeds } from "../../sim/index.ts";
import { cellAt, OUTCOMES, Touches, VERBS } from "../../sim/world/touches.ts";

const RIGHT = { offset: 0, driftPpm: 0, resolution: 1 };
/** Two clients, two servers, one node of the engine; the second server's clock is ahead. */
const NODES = {
  clients: 2,
  servers: 2,
  clocks: [RIGHT, RIGHT, RIGHT, { ...RIGHT, offset: 5 }, RIGHT],
};
const SERVERS = [2, 3].map((index) => ({ index, up: true })) as [
  { index: number; up: boolean },
  { index: number; up: boolean },
];
const GET = { kind: "get", index: 1, think: 0, record: 0, giveUp: 0, keys: [0] } as const;

/** The faults that touch a client's get, in which `happen` happens after it was sent to a server. */
function touching(happen: (touches: Touches) => void, server = 0): readonly FaultKind[] {
  const touches = new Touches(NODES);
  touches.begin(0, GET);
  touches.use(0, SERVERS[server] as (typeof SERVERS)[0]);
  happen(touches);
  touches.end(0, "get", "answered");
  return FAULT_KINDS.filter((kind) => touches.counts[cellAt(kind, "get", "answered")] === 1);
}

type Case = {
  readonly name: string;
  readonly happen: (touches: Touches) => void;
  readonly touched: readonly FaultKind[];
};

const LOSS = faultBit("loss");

const CASES: readonly Case[] = [
  { name: "nothing", happen: () => {}, touched: [] },
  { name: "a loss on its own link", happen: (all) => all.onLink(0, 2, LOSS), touched: ["loss"] },
  { name: "a loss on another client's", happen: (all) => all.onLink(1, 2, LOSS), touched: [] },
  { name: "a loss behind its server", happen: (all) => all.onLink(2, 4, LOSS), touched: ["loss"] },
  { name: "a loss behind another server", happen: (all) => all.onLink(4, 3, LOSS), touched: [] },
  {
    name: "its server's end",
    happen: (all) => all.down(2, faultBit("server_crash")),
    touched: ["server_crash"],
  },
  {
    name: "a message that found a replica down",
    happen: (all) => all.foundDown(2 * 64 + 4),
    touched: ["replica_crash"],
  },
  { name: "an alias that it does not use", happen: (all) => all.flip(0), touched: [] },
];

test.each(CASES)("a call is touched as it should be by $name", ({ happen, touched }) => {
  expect(touching(happen)).toEqual(touched);
});

test("a call is touched by what its server has by itself, or is down by", () => {
  expect(touching(() => {}, 1)).toEqual(["clock_offset"]);
  const down = (touches: Touches): void => {
    touches.down(3, faultBit("applier_crash"));
    touches.use(0, { index: 3, up: false });
  };
  expect(touching(down)).toEqual(["applier_crash", "clock_offset"].toSorted());
});

test("a cell that is said to be impossible, and is hit, is told", () => {
  const sums = noSums();
  const asked = { faults: null, engine: "replicated" };
  const none = countCells(coverageOf({ asked, sums }));
  expect(none).toMatchObject({ hit: 0, contradicted: 0 });
  expect(none.possible).toBeLessThan(FAULT_KINDS.length * VERBS.length * OUTCOMES.length);
  sums.touches[cellAt("alias_flip", "put", "answered")] = 1;
  expect(countCells(coverageOf({ asked, sums }))).toMatchObject({ hit: 0, contradicted: 1 });
  sums.touches[cellAt("loss", "put", "failed")] = 3;
  expect(countCells(coverageOf({ asked, sums }))).toMatchObject({ hit: 1, contradicted: 1 });
});

test("onlyFaults() leaves a plan as it was drawn with all kinds, and without a kind nothing is touched by it", async () => {
  const plan = drawPlan(3, REPLICATED.topology, true);
  expect(onlyFaults(plan, FAULT_SWITCHES)).toEqual(plan);
  const seeds = [3, 4, 5, 6];
  const run = (faults: readonly FaultSwitch[]) =>
    runSeeds({
      factory: REPLICATED,
      cache: "simulated",
      seeds,
      twice: false,
      faults,
      stopAt: () => false,
      cpuMicros: () => 0,
    });
  const some: readonly FaultKind[] = ["loss", "cache_silent", "give_up"];
  for (const faults of [[], some, FAULT_SWITCHES]) {
    const sums = await run(faults);
    expect(
      countCells(coverageOf({ asked: { faults, engine: "replicated" }, sums })).contradicted,
    ).toBe(0);
    expect(sums.failures).toEqual([]);
  }
}, 60_000);
