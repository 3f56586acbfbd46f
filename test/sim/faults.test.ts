/** The registry of faults, and troubles: each fires, none does more damage than the contract survives. */
import { expect, test } from "vitest";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { FAULT_KINDS } from "../../sim/faults/kinds.ts";
import {
  FAULT_NAMES,
  faultPlace,
  FAULTS,
  TROUBLES,
  type TroubleEntry,
} from "../../sim/faults/registry/index.ts";
import { shiftAt } from "../../sim/faults/clock-troubles.ts";
import { LOSSES, WALL } from "../../sim/faults/trouble-groups.ts";
import type { Trouble } from "../../sim/faults/trouble.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { runPlan } from "../../sim/run-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";

test("every kind of fault stands in the registry once, and the bug beside it can be planted", () => {
  const names = FAULTS.map(({ name }) => name);
  expect(names.toSorted()).toEqual(FAULT_NAMES.toSorted());
  expect(FAULT_KINDS.filter((kind) => !names.includes(kind))).toEqual([]);
  const bugs = FAULTS.flatMap(({ bug }) => bug?.mutant ?? []);
  expect(bugs.filter((bug) => !MUTANTS.some(({ name }) => name === bug))).toEqual([]);
});

/** A plan in which nothing but that trouble goes wrong. */
function withTrouble(
  calm: Plan,
  { name, low, high, trouble: { nodes, lasts } }: TroubleEntry,
): Plan {
  const { clients, servers } = calm.topology;
  const node = {
    clients: 0,
    all: 0,
    servers: clients,
    members: clients,
    replicas: clients + servers,
  };
  const signed = name === "clock_step_back" ? -1 : 1;
  const trouble: Trouble = {
    kind: name,
    node: node[nodes],
    at: 20_000,
    until: 20_000 + Math.max(lasts[1], name === "clock_freeze" ? 5_000 : 0),
    by: signed * (name === "step_crash" ? 1 : name === "restart_storm" ? low : high),
    other: name === "partition_partial" ? clients + servers : -1,
  };
  return { ...calm, troubles: [trouble] };
}

const CALM_SEED = 4;
const calm = { ...drawPlan(CALM_SEED, REPLICATED.topology), troubles: [], crashes: [], cuts: [] };
const untroubled = runPlan(calm, REPLICATED);

test.each(TROUBLES)("$name fires, and nobody is told anything wrong", async (entry) => {
  const place = faultPlace(entry.name);
  const { faults, violation } = await runPlan(withTrouble(calm, entry), REPLICATED);
  expect(faults.fired[place]).toBeGreaterThan(0);
  expect(violation).toBeUndefined();
  expect((await untroubled).faults.fired[place]).toBe(0);
});

test("drawn troubles let one replica lose something at most, and keep clocks in their profile", () => {
  let drawn = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const { troubles, clocks, topology } = drawPlan(seed, REPLICATED.topology);
    drawn += troubles.length;
    const damaged = new Set(
      troubles.filter(({ kind }) => LOSSES.has(kind)).map(({ node }) => node),
    );
    expect(damaged.size).toBeLessThan(2);
    for (const node of troubles.map((trouble) => trouble.node)) {
      const own = troubles.filter((each) => each.node === node && WALL.has(each.kind));
      const { offset } = clocks[node] ?? { offset: 0 };
      const isFar = node < topology.clients && Math.abs(offset) > 1_000_000;
      for (const { at, until } of own) {
        for (const time of [at, until - 1, until]) {
          if (!isFar) expect(Math.abs(offset + shiftAt(own, time))).toBeLessThanOrEqual(1_000_000);
        }
      }
    }
  }
  expect(drawn).toBeGreaterThan(200);
});
