/** Worlds of two regions: they are sound, failovers in them cost something, and their plans can be kept and cut down. */
import { expect, test } from "vitest";
import { REPLICATED, TWO_REGIONS } from "../../sim/backends/replicated/backend.ts";
import { faultPlace } from "../../sim/faults/registry/index.ts";
import { REGION_FAULTS, regionOf, type RegionsPlan } from "../../sim/faults/regions.ts";
import { onlyFaults } from "../../sim/faults/only.ts";
import { decodePlanFile, encodePlanFile } from "../../sim/plan-file/index.ts";
import { planFlaws } from "../../sim/plan-file/plan-flaw.ts";
import type { PlanResult } from "../../sim/plan-result.ts";
import { runPlan } from "../../sim/run-plan.ts";
import { faultParts } from "../../sim/shrink/fault-parts.ts";
import { withoutAll } from "../../sim/shrink/part.ts";
import { regionSettings } from "../../sim/shrink/region-parts.ts";
import { sooner } from "../../sim/shrink/sooner.ts";
import { faultsOf, nodesOf } from "../../sim/trace/plan-faults.ts";
import { inOneRegion } from "../../sim/workload/one-region.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";

type RegionalPlan = Plan & { readonly regions: RegionsPlan };

function drawn(seed: number): RegionalPlan {
  return drawPlan(seed, TWO_REGIONS.topology) as RegionalPlan;
}

/** The first seed whose regions are so. */
function seedOf(isSo: (regions: RegionsPlan) => boolean): number {
  let seed = 1;
  while (!isSo(drawn(seed).regions)) seed += 1;
  return seed;
}

test("of a thousand worlds over replicas some have two regions, and these are the same in the worlds that all have", () => {
  const plans = Array.from({ length: 1_000 }, (_, i) => drawPlan(i + 1, REPLICATED.topology));
  const two = plans.filter(({ regions }) => regions !== undefined);
  expect(two.length).toBeGreaterThan(25);
  expect(two.length).toBeLessThan(60);
  for (const plan of two) expect(drawn(plan.seed)).toEqual(plan);
  expect(drawPlan(1, TWO_REGIONS.topology, true)).toEqual(drawPlan(1, REPLICATED.topology, true));
});

test("worlds of two regions are sound, repeat out of a file, and have every fault of regions", async () => {
  const fired = new Map<string, number>();
  for (let seed = 1; seed <= 24; seed += 1) {
    const plan = drawn(seed);
    const first = await runPlan(plan, TWO_REGIONS);
    expect(first.violation, `seed ${seed}`).toBeUndefined();
    const again = await runPlan(outOfItsFile(plan), REPLICATED);
    expect(again.fingerprint).toBe(first.fingerprint);
    for (const name of REGION_FAULTS) {
      const mattered = first.faults.mattered[faultPlace(name)] ?? 0;
      fired.set(name, (fired.get(name) ?? 0) + mattered);
    }
  }
  expect([...fired.values()].filter((count) => count === 0)).toEqual([]);
}, 60_000);

function outOfItsFile(plan: Plan): Plan {
  const failure = { rule: "CONS-3", what: "something", operations: [1], also: [] };
  const of = { engine: "two-regions", cache: undefined, mutant: undefined, code: "", reason: "" };
  const text = encodePlanFile({ failure, fingerprint: "0123456789abcdef", ...of, plan });
  const reading = decodePlanFile(text);
  if (reading.kind !== "ok") throw new Error(JSON.stringify(reading));
  expect(reading.kept.plan).toEqual(plan);
  return reading.kept.plan;
}

/** The plan with nothing wrong but that region 0 is lost. */
function failingOver(plan: RegionalPlan, scope: RegionsPlan["scope"], isGone: boolean): Plan {
  const failover = { region: 0, at: 60_000, until: 260_000, isGone, notice: 2_000 };
  const lag = scope === "LOCAL" ? 40_000 : 500;
  const calm = { lossPpm: 0, duplicatePpm: 0, cuts: [], spread: 0, lag };
  const second = { clients: 1, servers: 1, replicas: 3 };
  const regions = { ...calm, scope, second, failovers: [failover] };
  return onlyFaults({ ...plan, core: undefined, regions }, ["region_lag", "region_failover"]);
}

test.each([true, false])(
  "a failover finds less than was acknowledged, until the lost region is back (down: %s)",
  async (isGone) => {
    const plan = drawn(
      seedOf(
        ({ second: { clients, servers, replicas } }) =>
          clients === 1 && servers === 1 && replicas === 3,
      ),
    );
    const { violation, regions, faults } = await runPlan(
      failingOver(plan, "LOCAL", isGone),
      TWO_REGIONS,
    );
    expect(violation).toBeUndefined();
    expect(faults.mattered[faultPlace("region_failover")]).toBe(1);
    expect(regions).toMatchObject({ failovers: 1 });
    const { acknowledged, behind, missing, arrivals, lagMicros } = regions as NonNullable<
      PlanResult["regions"]
    >;
    expect(behind).toBeGreaterThan(0);
    expect(behind).toBeLessThan(acknowledged);
    // What was under way when the region was lost arrives, and nothing of it was lost on its way.
    expect(missing).toBe(0);
    expect(lagMicros / arrivals).toBeGreaterThan(35_000);
    const global = await runPlan(failingOver(plan, "GLOBAL", isGone), TWO_REGIONS);
    expect(global.violation).toBeUndefined();
  },
  30_000,
);

test("a plan without its second region is a plan of one: sound, and as wide as any", async () => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const plan = drawn(seed);
    const [part] = regionSettings(plan);
    const one = part?.without(plan) as Plan;
    expect(one).toEqual(inOneRegion(plan));
    const { operationsPerClient: _count, ...nodes } = one.topology;
    expect(nodes).toEqual({ clients: 3, servers: 2, replicas: 3 });
    expect(planFlaws(one)).toEqual([]);
    expect((await runPlan(one, REPLICATED)).violation).toBeUndefined();
    const bare = withoutAll(plan, faultParts(plan)) as RegionalPlan;
    const { lag, spread, lossPpm, duplicatePpm, cuts, failovers } = bare.regions;
    expect([lag, spread, lossPpm, duplicatePpm, cuts, failovers]).toEqual([0, 0, 0, 0, [], []]);
  }
});

test("what happens to regions happens sooner with all else", () => {
  const plan = drawn(seedOf(({ cuts, failovers }) => cuts.length + failovers.length > 1));
  const waiting = plan.operations.map((list) =>
    list.map((operation, i) => (i === 0 ? { ...operation, think: 5_000 } : operation)),
  );
  const { regions } = sooner({ ...plan, operations: waiting }) as RegionalPlan;
  expect(regions.cuts.map(({ at }) => at)).toEqual(plan.regions.cuts.map(({ at }) => at - 5_000));
  const until = plan.regions.failovers.map((failover) => failover.until - 5_000);
  expect(regions.failovers.map((failover) => failover.until)).toEqual(until);
});

test("a diagram names each node's region, and shows what is lost and cut", () => {
  const plan = drawn(seedOf(({ cuts, failovers }) => cuts.length > 0 && failovers.length > 0));
  const nodes = nodesOf(plan);
  const { topology, regions } = plan;
  for (const [node, { name }] of nodes.entries()) {
    expect(name).toContain(`region ${regionOf(node, topology, regions)}`);
  }
  const texts = faultsOf(plan, nodes, []).map(({ text }) => text);
  expect(texts).toContain("nothing passes between the regions");
  expect(texts.some((text) => text.startsWith("the loss of region"))).toBe(true);
});

test.each<readonly [path: string, change: (plan: RegionalPlan) => Partial<Plan>]>([
  ["plan.regions.second.replicas", ({ regions }) => with2(regions, { replicas: 6 })],
  ["plan.regions.second.clients", ({ regions }) => with2(regions, { clients: 4 })],
  ["plan.regions", ({ regions }) => ({ regions: { ...regions, cuts: [{ at: 5, until: 4 }] } })],
  ["plan.regions", () => ({ cache: drawPlan(1, REPLICATED.topology, true).cache })],
])("a plan file whose regions do not fit is refused at %s", (path, change) => {
  const plan = { ...drawn(1), core: undefined };
  expect(planFlaws(plan)).toEqual([]);
  expect(planFlaws({ ...plan, ...change(plan) })[0]?.path).toBe(path);
});

function with2(
  regions: RegionsPlan,
  second: Partial<RegionsPlan["second"]>,
): Pick<RegionalPlan, "regions"> {
  return { regions: { ...regions, second: { ...regions.second, ...second } } };
}
