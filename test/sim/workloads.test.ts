/** Consumers' workloads: their worlds are sound and repeat, and what each measures by itself can fail. */
import { Command } from "commander";
import { expect, test, vi } from "vitest";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { runSeeds } from "../../sim/campaign/run.ts";
import type { History, ReadRecord, Violation } from "../../sim/check/index.ts";
import { runDashboards } from "../../sim/load/dashboards-world.ts";
import { decodePlanFile, encodePlanFile } from "../../sim/plan-file/index.ts";
import { runPlan } from "../../sim/run-plan.ts";
import type {
  Consumer,
  ConsumerView,
  WorkloadName,
} from "../../sim/workload/consumers/consumer.ts";
import { lifeSeconds, prefixLength, toStore } from "../../sim/workload/consumers/interval-cache.ts";
import { CONSUMERS, consumerNamed, consumerOf } from "../../sim/workload/consumers/list.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";
import { addWorkloadOption } from "../../src/cli/workload-option.ts";

function planOf(consumer: Consumer, seed: number): Plan {
  return drawPlan(seed, REPLICATED.topology, false, consumer);
}

test.each(CONSUMERS)("worlds of $name are sound, and repeat out of a file", async (consumer) => {
  // In this world traversals of a dataset see both of its versions.
  const plan = planOf(consumer, 2);
  const first = await runPlan(plan, REPLICATED);
  expect(first.violation).toBeUndefined();
  expect(first.operations).toBeGreaterThan(200);
  const again = await runPlan(outOfFile(plan), REPLICATED);
  expect(again.fingerprint).toBe(first.fingerprint);
});

/** The text of a plan file. */
function fileOf(plan: Plan): string {
  const failure = { rule: "PUT-3", what: "something", operations: [], also: [] };
  const over = { engine: "replicated", cache: undefined, mutant: undefined };
  const kept = { failure, fingerprint: "0123456789abcdef", ...over, code: "0", reason: "" };
  return encodePlanFile({ ...kept, plan });
}

function read(text: string): Plan {
  const reading = decodePlanFile(text);
  if (reading.kind !== "ok") throw new Error(JSON.stringify(reading));
  return reading.kept.plan;
}

function outOfFile(plan: Plan): Plan {
  const back = read(fileOf(plan));
  expect(back).toEqual(plan);
  return back;
}

test("files of programs that know no workloads are read", () => {
  const plan = drawPlan(1, REPLICATED.topology);
  const file = JSON.parse(fileOf(plan)) as { readonly plan: Record<string, unknown> };
  delete file.plan["versions"];
  delete file.plan["workload"];
  expect(read(JSON.stringify(file))).toEqual(plan);
});

/** A damaged world, the rule that is then broken by the consumer's own measure, and a part of what is said of it. */
type Damage = readonly [
  WorkloadName,
  string,
  seed: number,
  rule: string,
  says: string,
  (view: ConsumerView) => ConsumerView,
];

const each =
  (change: (read: ReadRecord, history: History) => ReadRecord) =>
  ({ history, ...view }: ConsumerView): ConsumerView => ({
    ...view,
    history: { ...history, reads: history.reads.map((read) => change(read, history)) },
  });

/** The first put of the record. */
function firstPut({ writes }: History, wanted: number): number {
  return writes.find(({ record, kind }) => record === wanted && kind === "put")?.operation ?? 0;
}

const WHOLE = { whole: true, chunked: false, staging: "" };
/** An item that is nowhere. */
const PERMANENT = {
  key: 0,
  valueFrom: 999,
  contentFrom: 999,
  writeTime: 1,
  expiresAt: 0,
  ...WHOLE,
};

const carriesNothing = each((read) => ({ ...read, cached: false }));

const DAMAGES: readonly Damage[] = [
  ["streaming-metadata", "a cache that carries nothing", 53, "CACHE-1", "", carriesNothing],
  [
    "user-profiles",
    "a user who sees nothing",
    1,
    "PUT-3",
    "",
    each((read) => ({ ...read, cached: false, items: [] })),
  ],
  [
    "pushy-registry",
    "a device shown where it was first",
    1,
    "TOK-9",
    "",
    each((read, history) => ({
      ...read,
      items: read.items.map((item) => ({ ...item, valueFrom: firstPut(history, read.record) })),
    })),
  ],
  [
    "bulldozer",
    "a traversal of both versions",
    2,
    "NS-4",
    "items of both versions",
    each((read, history) => ({
      ...read,
      items: read.items.map((item, i) =>
        i === 1 ? { ...item, valueFrom: firstPut(history, (read.record + 4) % 8) } : item,
      ),
    })),
  ],
  [
    "bulldozer",
    "a traversal of a version that the alias never pointed at",
    2,
    "NS-4",
    "items of the new version",
    (view) => ({ ...view, versions: { flips: [], drops: [] } }),
  ],
  [
    "concurrent-devices",
    "a server that tells something else in the end",
    1,
    "CONS-2",
    "",
    each((read) =>
      read.operation === READ_BACK_FIRST ? { ...read, items: [PERMANENT, ...read.items] } : read,
    ),
  ],
  [
    "druid-cache",
    "a bucket of another life",
    1,
    "TTL-2",
    "",
    each((read) => ({
      ...read,
      items: read.items.map((item) => ({ ...item, expiresAt: item.expiresAt + 1 })),
    })),
  ],
  [
    "druid-cache",
    "buckets past their life",
    1,
    "TTL-1",
    "",
    ({ history, ...view }) => ({
      ...view,
      history: { ...history, serverWall: () => ({ low: 2 ** 52, high: 2 ** 52 }) },
    }),
  ],
  [
    "druid-cache",
    "a hit cut short",
    1,
    "PAGE-2",
    "",
    each((read) => ({ ...read, items: read.items.slice(0, 1) })),
  ],
];

/** A world of the consumer as its own measure is shown it. */
async function viewOf(consumer: Consumer, seed: number): Promise<ConsumerView> {
  const check = vi.spyOn(consumer, "check");
  await runPlan(planOf(consumer, seed), REPLICATED);
  const [view] = check.mock.calls[0] ?? [];
  check.mockRestore();
  if (view === undefined) throw new Error("the consumer was not asked");
  return view;
}

test.each(DAMAGES)("%s sees %s", async (name, _damage, seed, rule, says, damage) => {
  const consumer = consumerNamed(name);
  const view = await viewOf(consumer, seed);
  expect(consumer.check(view)).toBeUndefined();
  const wanted: Partial<Violation> = { rule, what: expect.stringContaining(says) };
  expect(consumer.check(damage(view))).toMatchObject(wanted);
});

test("a cache that carries nothing is no fault where a node loses what it has", async () => {
  const consumer = consumerNamed("streaming-metadata");
  const view = await viewOf(consumer, 639);
  expect(view.plan.troubles.map(({ kind }) => kind)).toContain("wipe");
  expect(consumer.check(carriesNothing(view))).toBeUndefined();
});

test("the rules of an interval cache are the published ones", () => {
  expect([0, 1, 2, 3, 10, 11, 180].map(lifeSeconds)).toEqual([5, 5, 10, 20, 2560, 3600, 3600]);
  expect(prefixLength([3, 4, 5, 6], [3, 4, 6])).toBe(2);
  expect(prefixLength([3, 4], [4])).toBe(0);
  const stored = toStore([1, 2, 3, 4], (bucket) => bucket % 2 === 0);
  expect(stored).toEqual([
    { bucket: 1, isSentinel: false },
    { bucket: 2, isSentinel: true },
    { bucket: 3, isSentinel: false },
  ]);
});

test("dashboards come to the same figures every time, and a lone viewer needs the source each time", async () => {
  const [minute, second] = [60_000_000, 1_000_000];
  const plan = { seed: 1, viewers: 1, queries: 2, refresh: 10 * second, buckets: 30 };
  const times = { oneOffPerMille: 0, from: minute, until: 2 * minute, isCached: true };
  const took = { engineMicros: () => 3_000, sourceMicros: () => second };
  const run = () => runDashboards({ ...plan, ...times, ...took });
  const first = await run();
  expect(await run()).toEqual(first);
  expect(first.every(({ hit, buckets }) => hit > 0 && hit < buckets)).toBe(true);
});

test("workloads take turns by seed, and a wrong name gets the list", async () => {
  expect(consumerOf(4, undefined)).toBeUndefined();
  expect(consumerOf(5, ["bulldozer", "druid-cache"])?.name).toBe("druid-cache");
  const { failures, counts } = await runSeeds({
    factory: REPLICATED,
    workloads: ["bulldozer", "druid-cache"],
    seeds: [3, 4],
    twice: false,
    stopAt: () => false,
    cpuMicros: () => 0,
  });
  expect([counts.worlds, failures.length]).toEqual([2, 0]);
  const [option] = addWorkloadOption(new Command()).options;
  const parseArg = option?.parseArg;
  expect(parseArg?.("druid-cache,bulldozer", undefined)).toEqual(["bulldozer", "druid-cache"]);
  const wrong = (): unknown => parseArg?.("nobody", undefined);
  for (const { name } of CONSUMERS) expect(wrong).toThrow(name);
});
