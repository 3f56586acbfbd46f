/** Plan files: what is written is read again and runs as before, and what is wrong with a file is said. */
import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { CONDITIONAL } from "../../sim/backends/conditional/backend.ts";
import {
  REPLICATED,
  REPLICATED_SHORT,
  REPLICATED_WORLDS,
} from "../../sim/backends/replicated/backend.ts";
import { planOfSeed } from "../../sim/campaign/plan-of-seed.ts";
import { decodePlanFile, encodePlanFile, type KeptPlan } from "../../sim/plan-file/index.ts";
import { runPlan } from "../../sim/run-plan.ts";
import { WORKLOAD_NAMES } from "../../sim/workload/consumers/consumer.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";

function keptOf(plan: Plan): KeptPlan {
  return {
    failure: { rule: "PUT-3", what: "something", operations: [1, 2], also: [] },
    fingerprint: "0123456789abcdef",
    engine: "replicated",
    cache: undefined,
    mutant: undefined,
    code: "0.1.0",
    reason: "",
    plan,
  };
}

function readBack(plan: Plan): Plan {
  const reading = decodePlanFile(encodePlanFile(keptOf(plan)));
  if (reading.kind !== "ok") throw new Error(JSON.stringify(reading));
  expect(reading.kept).toEqual(keptOf(plan));
  return reading.kept.plan;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const factories = fc.constantFrom(CONDITIONAL, ...REPLICATED_WORLDS);
const WORKLOADS = [undefined, [...WORKLOAD_NAMES]];

property.prop([seeds, fc.boolean(), factories, fc.constantFrom(...WORKLOADS)], { numRuns: 200 })(
  "every drawn plan comes out of its file as it went in",
  (seed, isCached, factory, workloads) => {
    const plan = planOfSeed(seed, { factory, isCached, workloads });
    expect(readBack(plan)).toEqual(plan);
  },
);

test("no fault of a region begins when faults are over, in short worlds either", () => {
  const plans = Array.from({ length: 400 }, (_, seed) =>
    planOfSeed(seed, { factory: REPLICATED_SHORT, isCached: false }),
  );
  const spans = plans.flatMap(({ regions }) => [
    ...(regions?.cuts ?? []),
    ...(regions?.failovers ?? []),
  ]);
  expect(spans.length).toBeGreaterThan(0);
  for (const { at, until } of spans) expect(at).toBeLessThan(until);
});

test("a plan out of a file runs to the same fingerprint", async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const plan = drawPlan(seed, REPLICATED.topology);
    const [first, again] = [
      await runPlan(plan, REPLICATED),
      await runPlan(readBack(plan), REPLICATED),
    ];
    expect(again.fingerprint).toBe(first.fingerprint);
  }
});

/** The text of a plan file with one field of its plan changed. */
function changed(change: (plan: Record<string, unknown>) => void): string {
  const file = JSON.parse(encodePlanFile(keptOf(drawPlan(1, REPLICATED.topology)))) as {
    readonly plan: Record<string, unknown>;
  };
  change(file.plan);
  return JSON.stringify(file);
}

/** Numbers with which a world would not end, would not begin, or would be blamed for what it was given. */
const BOUNDS: readonly (readonly [name: string, path: string, found: number, wanted: string])[] = [
  ["an instant", "healAt", 2 ** 53 - 1, "from 0 to 2592000000000"],
  ["a clock", "clocks[0].offset", -(2 ** 53 - 1), "from -2592000000000 to 2592000000000"],
  ["latency", "network.latencyMax", 100_001, "from 0 to 100000"],
  ["a number of records", "records", 251, "from 1 to 250"],
  ["a chunk", "namespace.chunkBytes", 65_537, "from 1 to 65536"],
  ["a window of tokens", "namespace.maxAge", 86_400_000_000, "with maxDrift at most 86340000000"],
  ["a target", "slowEngine.levels.target", 0, "from 1 to 500000"],
  ["an operation's number", "operations[0][0].index", 800_000, "from 1 to 799999"],
];

/** The text of a plan file with the number at that place. */
function within(path: string, number: number): string {
  return changed((plan) => {
    const steps = path.split(/[.[\]]+/).filter(Boolean);
    const last = steps.pop() as string;
    const holder = steps.reduce((at, step) => at[step] as Record<string, unknown>, plan);
    holder[last] = number;
  });
}

test("decodePlanFile() refuses a mutation of a list by the number of another list's", () => {
  const seed = 7;
  const plan = drawPlan(seed, REPLICATED.topology);
  const text = encodePlanFile(keptOf(plan));
  const [number = 0] = plan.operations
    .flat()
    .flatMap((operation) => (operation.kind === "list" ? operation.mutations : []))
    .map(({ operation }) => operation);
  const reading = decodePlanFile(text.replace(`"operation":${number}`, '"operation":1000001'));
  if (reading.kind !== "flawed") throw new Error("it was taken");
  expect(reading.flaws[0]?.path).toMatch(/\.mutations\[0\]\.operation$/);
  expect(reading.flaws[0]?.wanted).toBe("a number of its own, of those of its list");
});

test.each<readonly [string, string, path: string, found: string, wanted: string]>([
  ["nothing", "  \n", "", "empty", "a plan file"],
  ["no JSON", "{", "", "no JSON (Expected property name", "a plan file"],
  ["another file", '{"version":1}', "format", "missing", "kvdal sim --keep"],
  ["another version", '{"format":"kvdal-plan","version":9}', "version", "9", "the version that"],
  [
    "a field of another kind",
    changed((plan) => Object.assign(plan, { healAt: "soon" })),
    "plan.healAt",
    '"soon"',
    "a whole number",
  ],
  [
    "a field too many",
    changed((plan) => Object.assign(plan, { haste: 1 })),
    "plan.haste",
    "an unknown key",
    "none but those that are known",
  ],
  ["a field too few", changed((plan) => delete plan["flips"]), "plan.flips", "missing", ""],
  [
    "an operation on a key that is not there",
    changed((plan) => Object.assign(plan, { keys: ["61"] })),
    "plan.operations[0][",
    "key",
    "one of the 1 that there are",
  ],
  [
    "a crash of a node that is not there",
    changed((plan) => Object.assign(plan, { crashes: [{ node: 50, at: 1, until: 2 }] })),
    "plan.crashes[0].node",
    "node 50",
    "one of the",
  ],
  ...BOUNDS.map(
    ([name, path, found, wanted]) =>
      [
        `${name} out of bounds`,
        within(path, found),
        `plan.${path}`,
        String(found),
        wanted,
      ] as const,
  ),
])("decodePlanFile() refuses %s", (_name, text, path, found, wanted) => {
  const reading = decodePlanFile(text);
  if (reading.kind !== "flawed") throw new Error("it was taken");
  const [first] = reading.flaws;
  expect(first?.path).toContain(path);
  expect(first?.found).toContain(found);
  expect(first?.wanted).toContain(wanted);
});

test("decodePlanFile() says every flaw, and of an unknown key which are known there", () => {
  const text = changed((plan) => {
    const [[first]] = plan["operations"] as [[Record<string, unknown>]];
    Object.assign(plan, { healAt: "soon", network: { ...(plan["network"] as object), losPpm: 1 } });
    first["thinc"] = 1;
  });
  const reading = decodePlanFile(text);
  if (reading.kind !== "flawed") throw new Error("it was taken");
  const known = new Map(reading.flaws.map((flaw) => [flaw.path, flaw.known]));
  expect([...known.keys()].toSorted()).toEqual([
    "plan.healAt",
    "plan.network.losPpm",
    "plan.operations[0][0].thinc",
  ]);
  expect(known.get("plan.network.losPpm")).toContain("lossPpm");
  expect(known.get("plan.operations[0][0].thinc")).toEqual(
    expect.arrayContaining(["kind", "think", "record"]),
  );
});

test("decodePlanFile() says all operations that name what is not there", () => {
  const reading = decodePlanFile(changed((plan) => Object.assign(plan, { keys: ["61"] })));
  if (reading.kind !== "flawed") throw new Error("it was taken");
  expect(reading.flaws.length).toBeGreaterThan(10);
  expect(new Set(reading.flaws.map(({ path }) => path)).size).toBe(reading.flaws.length);
});
