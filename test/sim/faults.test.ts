/** The registry of faults, and troubles: each fires, none does more damage than the contract survives. */
import { expect, test } from "vitest";
import { CONDITIONAL } from "../../sim/backends/conditional/backend.ts";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { FAULT_KINDS } from "../../sim/faults/kinds.ts";
import {
  FAULT_NAMES,
  faultPlace,
  FAULTS,
  TROUBLES,
  type TroubleEntry,
} from "../../sim/faults/registry/index.ts";
import { readingAt } from "../../sim/faults/clock-troubles.ts";
import { LinkTroubles } from "../../sim/faults/link-troubles.ts";
import { LOSSES, WALL } from "../../sim/faults/trouble-groups.ts";
import type { Trouble } from "../../sim/faults/trouble.ts";
import { runPlan } from "../../sim/run-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { World } from "../../sim/world/world.ts";

test("every kind of fault stands in the registry once", () => {
  const names = FAULTS.map(({ name }) => name);
  expect(names.toSorted()).toEqual(FAULT_NAMES.toSorted());
  expect(FAULT_KINDS.filter((kind) => !names.includes(kind))).toEqual([]);
});

test("what is drawn of a list is registered from the least of it to the most", () => {
  const knobs = FAULTS.filter(({ knob }) => /^conditional\..*Ppm$/.test(knob));
  expect(knobs).toHaveLength(4);
  const plans = Array.from({ length: 200 }, (_, i) => drawPlan(i + 1, CONDITIONAL.topology));
  for (const { knob, low, high } of knobs) {
    const field = knob.split(".")[1] as "throttlePpm";
    const drawn = plans
      .map(({ conditional }) => conditional?.[field] ?? 0)
      .filter((ppm) => ppm > 0);
    expect([Math.min(...drawn), Math.max(...drawn)], knob).toEqual([low, high]);
  }
});

test("a replayed request matters where its server is up, and not where it is down", () => {
  const world = new World(1);
  const [late, servers] = [faultPlace("late_replay"), { clients: 1, servers: 1 }];
  const trouble: Trouble = { kind: "late_replay", node: 0, at: 0, until: 9, by: 5, other: -1 };
  const troubles = new LinkTroubles(world, [trouble], servers);
  const replayed = (isUp: boolean): number =>
    Array.from({ length: 100 }, (_, i) => i * 0x9e37_79b1).filter((bits) => {
      return troubles.fate({ from: 0, to: 1, isUp, bits: bits >>> 0, latency: 1 }).again > 0;
    }).length;
  const down = replayed(false);
  expect(down).toBeGreaterThan(0);
  expect([world.tally.fired[late], world.tally.mattered[late]]).toEqual([down, 0]);
  expect(replayed(true)).toBe(down);
  expect([world.tally.fired[late], world.tally.mattered[late]]).toEqual([2 * down, down]);
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

test("whoever asks the core has tokens of its own, though its clock was set back below those of a client there", async () => {
  const back: Trouble = {
    kind: "clock_step_back",
    node: 0,
    at: 300_000,
    until: 300_000,
    by: -990_000,
    other: -1,
  };
  const hurried = calm.operations.map((list) => list.slice(0, 40));
  const core = { server: 0, withoutReplica: 0 };
  const { violation, isLive } = await runPlan(
    { ...calm, operations: hurried, troubles: [back], core },
    REPLICATED,
  );
  expect(violation).toBeUndefined();
  expect(isLive).toBe(true);
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
          const read = readingAt(own, time);
          const off = offset + read.shift + read.time - time;
          if (!isFar) expect(Math.abs(off)).toBeLessThanOrEqual(1_000_000);
        }
      }
    }
  }
  expect(drawn).toBeGreaterThan(200);
});
