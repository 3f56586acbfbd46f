/** Amplification points: each has its place, none disturbs a planted bug, and a process without them runs no plan that has some. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BackendFactory } from "../../sim/backends/backend.ts";
import { CONDITIONAL } from "../../sim/backends/conditional/backend.ts";
import { REPLICATED } from "../../sim/backends/replicated/backend.ts";
import { POINT_FILES, withPoints } from "../../sim/amplify/plant.ts";
import { POINT_NAMES, POINTS } from "../../sim/amplify/list.ts";
import { type Point, statementOf, withPoint } from "../../sim/amplify/point.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { plant } from "../../sim/mutants/mutant.ts";
import { explain } from "../../sim/explain/index.ts";
import { runPlan } from "../../sim/run-plan.ts";
import type { Fails } from "../../sim/shrink/search.ts";
import { shrink } from "../../sim/shrink/shrink.ts";
import { type WatchPlan, watchPlans } from "../../sim/watch-plan.ts";
import { isCalm } from "../../sim/workload/of-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { runProgram } from "../steps/run-program.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";
import { FLAGS } from "./kvdal.ts";

const sourceOf = (file: string): string => readFileSync(join(PROJECT_ROOT, file), "utf8");

describe("a point", () => {
  test.each(POINTS)("$name has its place, and keeps all that is there", (point) => {
    const source = sourceOf(point.file);
    const changed = withPoint(point, source);
    expect(
      changed?.replace(` ${statementOf(point)}`, "").replace(`${statementOf(point)} `, ""),
    ).toBe(source);
    expect(changed?.split("\n").length).toBe(source.split("\n").length);
  });

  test("is one that the source has once, or it is refused; what is not there is left out", () => {
    const [point] = POINTS as readonly [Point];
    expect(withPoint(point, "")).toBeUndefined();
    expect(() => withPoint(point, point.find + point.find)).toThrow("stands 2 times");
  });

  test("has a name of its own", () => {
    expect(new Set(POINT_NAMES).size).toBe(POINTS.length);
  });
});

test.each(MUTANTS.filter(({ file }) => POINT_FILES.includes(file)))(
  "the points of its file are there beside the planted bug $name",
  (mutant) => {
    const planted = plant(mutant, sourceOf(mutant.file));
    const points = POINTS.filter(({ file }) => file === mutant.file);
    const all = withPoints(mutant.file, planted);
    expect(points.filter((point) => !all.includes(statementOf(point)))).toEqual([]);
  },
);

/** Plans of the first seeds that are of a kind. */
function plansOf(
  factory: BackendFactory,
  count: number,
  isWanted: (plan: Plan) => boolean,
): Plan[] {
  const plans: Plan[] = [];
  for (let seed = 1; plans.length < count; seed += 1) {
    const plan = drawPlan(seed, factory.topology);
    if (isWanted(plan)) plans.push(plan);
  }
  return plans;
}

/** All points are on in so many worlds: as many reach what hundreds of drawn ones do. */
const WORLDS = 24;

describe("worlds", () => {
  const fired = POINTS.map(() => 0);
  const withAll = (plan: Plan): Plan => ({ ...plan, amplified: POINT_NAMES });

  test("of every second, points are on: each in one of four of these, and none in a calm one", () => {
    const plans = Array.from({ length: 2_000 }, (_, i) => drawPlan(i + 1, REPLICATED.topology));
    const amplified = plans.filter(({ amplified: on }) => on.length > 0);
    expect(amplified.length / plans.length).toBeCloseTo((7 / 8) * (1 / 2), 1);
    expect(amplified.some(isCalm)).toBe(false);
    for (const name of POINT_NAMES) {
      const having = amplified.filter(({ amplified: on }) => on.includes(name));
      // Four standard deviations of what is drawn.
      expect(Math.abs(having.length / amplified.length - 1 / 4), name).toBeLessThan(0.06);
    }
  });

  test.each([
    ["replicated", REPLICATED, ({ lists }: Plan) => lists !== undefined],
    ["replicated", REPLICATED, ({ cache }: Plan) => cache !== undefined],
    ["replicated", REPLICATED, ({ namespace }: Plan) => namespace.cleanUps.length > 0],
    ["conditional", CONDITIONAL, ({ lists }: Plan) => lists !== undefined],
  ] as const)(
    "over %s with all points on break no rule, nor stop",
    async (_name, factory, isWanted) => {
      for (const plan of plansOf(factory, WORLDS, isWanted)) {
        const { seed, violation, isLive, amplified } = await runPlan(withAll(plan), factory);
        expect([seed, violation, isLive]).toEqual([seed, undefined, true]);
        for (const [place, count] of amplified.fired.entries()) fired[place]! += count;
      }
    },
    60_000,
  );

  test("have every point fire, but for those that are rare for a reason", () => {
    const missing = POINTS.filter(({ rare }, place) => rare === undefined && fired[place] === 0);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test("run one way, however often, and another without their points", async () => {
    const [plan] = plansOf(REPLICATED, 1, ({ amplified }) => amplified.length > 0) as [Plan];
    const [first, second] = [await runPlan(plan, REPLICATED), await runPlan(plan, REPLICATED)];
    expect(second.fingerprint).toBe(first.fingerprint);
    const bare = await runPlan({ ...plan, amplified: [] }, REPLICATED);
    expect(bare.fingerprint).not.toBe(first.fingerprint);
  });
});

test("a shrunk plan keeps the points that its failure needs, and an explanation names them", async () => {
  const plain = watchPlans(REPLICATED);
  // What such a point does to whoever writes, as the rule that is broken.
  const watch: WatchPlan = async (plan, options) => {
    const run = await plain(plan, options);
    const lost = run.amplified.fired[POINT_NAMES.indexOf("write-answer-lost")] ?? 0;
    const violation = { rule: "LUCK-1", what: "told to be unknown", operations: [], also: [] };
    return lost === 0 ? run : { ...run, violation };
  };
  const fails: Fails = ({ violation }) => violation?.rule === "LUCK-1";
  const calm = plansOf(REPLICATED, 1, isCalm)[0] as Plan;
  const plan = { ...calm, amplified: ["write-answer-lost", "page-ends-early", "fill-late"] };
  const shrunk = await shrink({ plan, watch, fails, isOver: () => false });
  expect(shrunk?.plan.amplified).toEqual(["write-answer-lost"]);
  const told = await explain({ plan: shrunk?.plan ?? plan, watch, fails });
  expect(told?.faults.filter(({ isNecessary }) => isNecessary).map(({ says }) => says)).toEqual([
    "a write that has taken effect and is told to be unknown (amplification point write-answer-lost)",
  ]);
});

test("a process that was started without points runs no plan that has some", async () => {
  const script =
    'const { drawPlan, REPLICATED, runPlan } = await import("kvdal/sim");' +
    "const plan = drawPlan(1, REPLICATED.topology);" +
    'const end = (amplified) => runPlan({ ...plan, amplified }, REPLICATED).then(() => "ran", (error) => error.message);' +
    `console.log(await end([]), "|", await end(["${POINT_NAMES[0]}"]));`;
  const args = [...FLAGS, "--input-type=module", "--eval", script];
  const { output } = await runProgram(process.execPath, args, {
    output: "keep",
    cwd: PROJECT_ROOT,
  });
  expect(output).toMatch(/^ran \| the plan has amplification points \(.*started without them/);
});
