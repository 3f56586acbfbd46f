/** Explanations: what they call needed is, what they call decided is, and what passes beside a failure does. */
import { expect, test } from "vitest";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { explain, explanationLines, nearestPassing, type Side } from "../../sim/explain/index.ts";
import { faultParts } from "../../sim/shrink/fault-parts.ts";
import type { Fails } from "../../sim/shrink/search.ts";
import { shrink } from "../../sim/shrink/shrink.ts";
import type { Trace } from "../../sim/trace/trace.ts";
import { tracePlan } from "../../sim/trace/trace-plan.ts";
import { type WatchPlan, watchPlans } from "../../sim/watch-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";

const plain = watchPlans(REPLICATED);

/** Worlds in which an operation that runs out of time breaks a rule. */
const watch: WatchPlan = async (plan, options) => {
  const run = await plain(plan, options);
  const late = run.journal.find(
    ({ operation, outcome }) => operation < READ_BACK_FIRST && outcome === "DEADLINE_EXCEEDED",
  );
  if (late === undefined) return run;
  const violation = { rule: "HASTE-1", what: "too late", operations: [late.operation], also: [] };
  return { ...run, violation };
};
const fails: Fails = ({ violation }) => violation?.rule === "HASTE-1";

/** The first world of which a small plan has one fault or two: more leave no room for what is not needed. */
async function smallPlan(): Promise<Plan> {
  for (let seed = 1; seed <= 40; seed += 1) {
    const plan = drawPlan(seed, REPLICATED.topology);
    const shrunk = await shrink({ plan, watch, fails, isOver: () => false });
    const { length } = shrunk === undefined ? [] : faultParts(shrunk.plan);
    if (shrunk !== undefined && length > 0 && length < 3) return shrunk.plan;
  }
  throw new Error("no world has an operation that runs out of time");
}

const small = await smallPlan();

test("explain() calls those faults needed without which the plan passes, and no others", async () => {
  const idle = { from: 9_000_000, until: 9_000_001, island: [0], direction: "both" as const };
  const plan = { ...small, cuts: [...small.cuts, idle] };
  const explanation = await explain({ plan, watch, fails });
  const faults = explanation?.faults ?? [];
  const cut = faults.find(({ says }) => says.includes("9 s"));
  expect(cut?.isNecessary).toBe(false);
  expect(faults.filter(({ isNecessary }) => isNecessary)).toHaveLength(faults.length - 1);
  const lines = explanationLines(explanation!, { afterVerdict: ["a"], atEnd: ["b"] });
  expect(lines.length).toBeLessThanOrEqual(15);
  expect(lines[0]).toBe("HASTE-1 is broken: too late.");
  expect(lines.join("\n")).toContain("Not needed: the cut of client 0");
  expect(lines.join("\n")).toMatch(/^Needed: [^;]*;\s+without\s+it\s+(all 17|this)\s+network/m);
});

test("explain() finds the event from which on every future fails, and not before", async () => {
  const explanation = await explain({ plan: small, watch, fails });
  const { event, futures, failedBefore, failedAfter } = explanation!.unavoidable;
  expect(failedAfter).toBeGreaterThanOrEqual(0.95 * futures);
  if (event > 0) expect(failedBefore).toBeLessThan(0.95 * futures);
  else expect(failedBefore).toBe(failedAfter);
});

test("explain() says what the deciding message carries, where the run is traced, and only of the same run", async () => {
  const traced = (plan: Plan): Promise<Trace> => tracePlan(plan, REPLICATED);
  const other = (plan: Plan): Promise<Trace> => traced({ ...plan, operations: [] });
  const [told, silent, bare] = await Promise.all([
    explain({ plan: small, watch, fails, trace: traced }),
    explain({ plan: small, watch, fails, trace: other }),
    explain({ plan: small, watch, fails }),
  ]);
  const { says = "", event } = told?.unavoidable ?? {};
  expect(silent?.unavoidable.says).toBe(bare?.unavoidable.says);
  expect(says.startsWith(bare?.unavoidable.says ?? "?")).toBe(true);
  if (event !== 0 && says.includes("a message")) expect(says).toMatch(/ ms \(.+\)/);
});

test("an event is not told where most networks fail before it, too", async () => {
  const explanation = await explain({ plan: small, watch, fails });
  const linesOf = (failedBefore: number): string => {
    const unavoidable = { event: 9, fired: undefined, futures: 16, failedAfter: 16, says: "it" };
    const changed = { ...explanation!, unavoidable: { ...unavoidable, failedBefore } };
    return explanationLines(changed, { afterVerdict: [], atEnd: [] }).join("\n");
  };
  expect(linesOf(11)).toContain(
    "Unavoidable from event 9 on: it.\n  Drawn anew before it, 11 of 16",
  );
  expect(linesOf(12)).toContain("Unavoidable nearly from the start: drawn anew, 12 of 16 networks");
  expect(linesOf(12)).not.toContain("event 9");
});

test("explain() has at most 15 lines of any plan", async () => {
  const plan = drawPlan(1, REPLICATED.topology);
  const broken = { rule: "HASTE-1", what: "anything", operations: [1, 2], also: [] };
  const always: WatchPlan = async (each, options) => ({
    ...(await plain(each, options)),
    violation: broken,
  });
  const few = { ...plan, operations: plan.operations.map((list) => list.slice(0, 5)) };
  const explanation = await explain({ plan: few, watch: always, fails });
  expect(explanationLines(explanation!, { afterVerdict: ["a", "b"], atEnd: ["c"] })).toHaveLength(
    15,
  );
  expect(explanation?.unavoidable.event).toBe(0);
});

test("nearestPassing() shows a run that passes, and where it parts", async () => {
  const difference = await nearestPassing({ plan: small, watch, fails });
  if (difference?.kind !== "helped") throw new Error("nothing helps");
  const { failing, passing, changes, tried } = difference;
  expect(failing.verdict).toContain("HASTE-1 is broken");
  expect(passing.verdict).toBe("no rule is broken");
  expect(failing.event).not.toBe(passing.event);
  expect(changes[0].event).toBeGreaterThan(0);
  expect(changes.length).toBeLessThanOrEqual(tried);
  const ranks = changes.map(({ effect }) =>
    ["answers", "judgement", "course", "question"].indexOf(effect),
  );
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  const named = ({ operations }: Side): readonly number[] =>
    operations.filter(({ isNamed }) => isNamed).map(({ operation }) => operation);
  expect(named(failing)).toHaveLength(1);
  expect(named(passing)).toEqual(named(failing));
  const none = await nearestPassing({ plan: small, watch: plain, fails });
  expect(none).toBeUndefined();
});

test("explain() calls a property needed without which the plan passes, and no other", async () => {
  const common = { think: 7, record: 0, giveUp: 0, kind: "page" as const, from: 0, to: 99 };
  const page = { ...common, pageBytes: 9, itemLimit: 1, reverse: true, byAlias: false };
  const plan = { ...small, operations: [[{ ...page, index: 1 }], [{ ...page, index: 2 }]] };
  const broken = { rule: "HASTE-1", what: "it", operations: [1], also: [] };
  const needy: WatchPlan = async (each, options) => {
    const run = { ...(await plain(each, options)), violation: undefined };
    const first = each.operations.flat().find(({ index }) => index === 1);
    const isWrong = first?.kind === "page" && first.reverse && first.think > 0;
    return isWrong ? { ...run, violation: broken } : run;
  };
  const told = await explain({ plan, watch: needy, fails });
  expect(told?.properties).toEqual([
    { says: "the reverse order of operation 1", failedWithout: 0, futures: 16 },
  ]);
  expect(explanationLines(told!, { afterVerdict: [], atEnd: [] })).toContain(
    "Needed: the reverse order of operation 1; without it all 17 networks pass.",
  );
});

/** Worlds in which operation 1 is wrong, or one that is not in the plan, while there is a trouble. */
function wrongWith(operations: readonly number[], isWrong: (plan: Plan) => boolean): WatchPlan {
  const violation = { rule: "HASTE-1", what: "anything", operations, also: [] };
  return async (plan, options) => {
    const run = { ...(await plain(plan, options)), violation: undefined };
    return isWrong(plan) ? { ...run, violation } : run;
  };
}

test("explain() calls a setting needed, but neither the draw of latencies nor what is asked at the end", async () => {
  const network = { ...small.network, latencyMin: 100, latencyMax: 400 };
  const namespace = { ...small.namespace, rowsPerCallMax: 4 };
  const plan = { ...small, network, namespace, exact: true, costs: true } as const;
  const watch = wrongWith(
    [],
    (each) =>
      each.namespace.rowsPerCallMax === 4 &&
      each.network.latencyMax > each.network.latencyMin &&
      each.exact === true &&
      each.costs === true,
  );
  const told = await explain({ plan, watch, fails });
  expect(told?.properties).toEqual([
    { says: "reads of at most 4 rows", failedWithout: 0, futures: 16 },
  ]);
});

const quiet = { ...small, operations: small.operations.map((list) => list.slice(0, 1)) };
const [first] = quiet.operations.flat();

test("nearestPassing() says where the answers are the same, and only the judgement changes", async () => {
  const wrong = wrongWith(
    [first!.index],
    ({ healAt, namespace }) => healAt > 0 && namespace.rowsPerCallMax < 2_000,
  );
  const namespace = { ...quiet.namespace, rowsPerCallMax: 1_999 };
  const calm = { cuts: [], crashes: [], troubles: [], amplified: [] };
  const plan = { ...quiet, ...calm, namespace, healAt: 1_000_000 };
  const difference = await nearestPassing({ plan, watch: wrong, fails });
  if (difference?.kind !== "helped") throw new Error("nothing helps");
  expect(difference.changes.map(({ says, effect }) => [says, effect])).toEqual([
    ["reads of at most 1999 rows", "judgement"],
    ["the time until faults end", "course"],
  ]);
  expect(difference.passing.operations[0]?.operation).toBe(first!.index);
});

test("nearestPassing() says that nothing helps, and a change that takes away the question is last", async () => {
  const always = wrongWith([first!.index], () => true);
  const unhelped = await nearestPassing({ plan: quiet, watch: always, fails });
  expect(unhelped).toMatchObject({ kind: "unhelped" });
  expect(unhelped?.failing.verdict).toContain("HASTE-1");
  const isThere = ({ operations }: Plan): boolean =>
    operations.flat().some(({ index }) => index === first!.index);
  const needed = wrongWith([first!.index], isThere);
  const helped = await nearestPassing({ plan: quiet, watch: needed, fails });
  expect(helped).toMatchObject({ kind: "helped", changes: [{ effect: "question" }] });
  const gone = helped?.kind === "helped" ? helped.passing.operations : [];
  expect(gone).toContainEqual({ operation: first!.index, isNamed: true, says: "is not asked" });
});

test.each([
  ["no operation", [], "By these operations, none of which the verdict names:"],
  ["one operation", [first!.index], "(* is named by the verdict):"],
  ["one that is not the plan's", [980_004], "none of which the verdict names:"],
])(
  "an explanation whose verdict names %s has no legend but for stars that are there",
  async (_name, of, says) => {
    const watchAlways = wrongWith(of, () => true);
    const told = await explain({ plan: quiet, watch: watchAlways, fails });
    const lines = explanationLines(told!, { afterVerdict: [], atEnd: [] }).join("\n");
    expect(lines).toContain(says);
    expect(lines.includes("*")).toBe(lines.includes("(*"));
    const none = { ...told!, operations: [] };
    const said = explanationLines(none, { afterVerdict: [], atEnd: [] }).join("\n");
    expect(said).toContain("By no operation of the plan");
  },
);
