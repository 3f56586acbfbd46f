/** The shrinker leaves what matters and nothing else, and its steps leave the draws of what stays alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONDITIONAL } from "../../sim/backends/conditional/backend.ts";
import { REPLICATED, TWO_REGIONS } from "../../sim/backends/replicated/backend.ts";
import { decodePlanFile } from "../../sim/plan-file/index.ts";
import { faultParts } from "../../sim/shrink/fault-parts.ts";
import { keepOperations, keepTimes, operationParts } from "../../sim/shrink/operation-parts.ts";
import { withoutAll } from "../../sim/shrink/part.ts";
import { settingParts } from "../../sim/shrink/setting-parts.ts";
import { necessaryParts, shrink, sizeOf } from "../../sim/shrink/shrink.ts";
import { type WatchedRun, type WatchPlan, watchPlans } from "../../sim/watch-plan.ts";
import { drawPlan, type Plan } from "../../sim/workload/plan.ts";
import { READ_BACK_FIRST } from "../../sim/workload/read-back.ts";
import { kvdal, kvdalEach } from "./kvdal.ts";

const watch = watchPlans(REPLICATED);

/** A run of nothing that is only told by its plan. */
function runOf(plan: Plan): WatchedRun {
  return { plan, journal: [], violation: undefined } as unknown as WatchedRun;
}

test("shrink() leaves the operations and the faults that a failure needs, whatever else there is", async () => {
  const plan = drawPlan(2, REPLICATED.topology);
  const needed = new Set([17, 120, 288]);
  const [crash] = plan.crashes;
  expect(crash).toBeDefined();
  const fails = (run: WatchedRun): boolean => {
    const { operations, crashes, network } = (run as unknown as { readonly plan: Plan }).plan;
    const left = operations.flat().filter(({ index }) => needed.has(index));
    return left.length === needed.size && crashes.includes(crash!) && network.lossPpm > 0;
  };
  const fake: WatchPlan = async (candidate) => runOf(candidate);
  const shrunk = await shrink({ plan, watch: fake, fails, isOver: () => false });
  expect(shrunk?.isMinimal).toBe(true);
  expect(sizeOf(shrunk!.plan)).toEqual({ operations: 3, faults: 2 });
  expect(shrunk?.plan.healAt).toBe(0);
});

test("shrink() of a plan that does not fail is undefined, and one without time proves nothing", async () => {
  const plan = drawPlan(2, REPLICATED.topology);
  const fake: WatchPlan = async (candidate) => runOf(candidate);
  const none = await shrink({ plan, watch: fake, fails: () => false, isOver: () => false });
  expect(none).toBeUndefined();
  const late = await shrink({ plan, watch: fake, fails: () => true, isOver: () => true });
  expect(late?.isMinimal).toBe(false);
});

/** What of a plan without all of its parts may still differ from world to world; all else is as plain as it gets. */
function plainRest(plan: Plan): unknown {
  const { seed: _seed, keys: _keys, records: _records, operations, lists, ...rest } = plan;
  expect(operations.flat()).toEqual([]);
  const { latencyMin: _min, latencyMax: _max, tailMax: _tailMax, ...network } = rest.network;
  return { ...rest, network, slowEngine: rest.slowEngine.ppm, rounds: lists?.rounds ?? [] };
}

test.each([
  ["replicated", REPLICATED],
  ["conditional", CONDITIONAL],
  ["two-regions", TWO_REGIONS],
])(
  "whatever a plan over %s is drawn with, there is a part for it: without all of them plans are alike",
  (_name, { topology }) => {
    const rests = Array.from({ length: 150 }, (_, i) => {
      const plan = drawPlan(i + 1, topology, i % 3 === 0);
      const bare = withoutAll(plan, [...operationParts(plan), ...faultParts(plan)]);
      return plainRest(withoutAll(bare, settingParts(bare)));
    });
    for (const rest of rests) expect(rest).toEqual(rests[0]);
  },
);

test("service levels that are none, before and after, do not change", () => {
  const { slowEngine, ...plan } = drawPlan(1, REPLICATED.topology);
  const says = (readMax: number): readonly string[] => {
    const levels = { readMax, target: 1_000 };
    const change = { ...slowEngine.change, levels: { readMax, target: 2_000 } };
    const parts = settingParts({ ...plan, slowEngine: { ...slowEngine, levels, change } });
    return parts.map((part) => part.says);
  };
  expect(says(9_000)).toContain("the change of service levels");
  expect(says(0)).not.toContain("the change of service levels");
});

const isTimeOut = ({ journal }: WatchedRun): boolean =>
  journal.some(
    ({ operation, outcome }) => operation < READ_BACK_FIRST && outcome === "DEADLINE_EXCEEDED",
  );

test("of a shrunk plan no operation and no fault can be taken out: all are tried", async () => {
  let plans = 0;
  for (let seed = 12; seed <= 40 && plans < 2; seed += 1) {
    const plan = drawPlan(seed, REPLICATED.topology);
    const shrunk = await shrink({ plan, watch, fails: isTimeOut, isOver: () => false });
    if (shrunk === undefined) continue;
    plans += 1;
    expect(shrunk.isMinimal).toBe(true);
    expect(isTimeOut(await watch(shrunk.plan))).toBe(true);
    expect(sizeOf(shrunk.plan).operations).toBeLessThanOrEqual(4);
    const parts = necessaryParts(shrunk.plan);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      const without = await watch(part.without(shrunk.plan));
      expect(isTimeOut(without), `fails without ${part.says}`).toBe(false);
    }
  }
  expect(plans).toBe(2);
});

test("an operation taken out, its time left, changes nothing for others where they do not meet", async () => {
  let unchanged = 0;
  const worlds = 12;
  for (let seed = 1; seed <= worlds; seed += 1) {
    const plan = drawPlan(seed, REPLICATED.topology);
    const gone = plan.operations[0]?.find(({ kind }, at) => kind === "get" && at > 30)?.index;
    const run = await watch(plan);
    const others = keepOperations(plan, ({ index }) => index !== gone);
    const again = await watch(keepTimes(others, run.journal));
    const told = (each: WatchedRun): readonly string[] =>
      each.journal
        .filter(({ operation }) => operation !== gone)
        .map(({ operation, begun, ended, outcome }) => `${operation} ${begun} ${ended} ${outcome}`);
    if (told(again).join() === told(run).join()) unchanged += 1;
  }
  // Clients heed the load that servers tell them of: in some worlds the operation was part of it.
  expect(unchanged).toBeGreaterThanOrEqual(worlds / 2);
});

test("kvdal shrink keeps a plan that repeats with its planted bug, and passes without", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kvdal-shrink-"));
  try {
    const file = join(folder, "small.json");
    const args = ["shrink", "--seed", "2", "--mutant", "retry-with-new-token", "--out", file];
    const shrunk = await kvdal([...args, "--json"]);
    expect(JSON.parse(shrunk.stdout)).toMatchObject({ rule: "TOK-4", isMinimal: true });
    const reading = decodePlanFile(readFileSync(file, "utf8"));
    if (reading.kind !== "ok") throw new Error(JSON.stringify(reading));
    expect(reading.kept.plan.operations.flat().length).toBeLessThanOrEqual(4);
    const [again, engine, explained, beside] = await Promise.all([
      kvdal(["replay", file, "--json"]),
      kvdal(["replay", file, "--no-mutant", "--engine", "memory"]),
      kvdal(["explain", file]),
      kvdal(["diff", file]),
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: "repeats", rule: "TOK-4" });
    expect(engine.stdout).toContain("passes now");
    expect(explained.stdout).toMatch(
      /^TOK-4 is broken: .*was written at [\d.]+ ms.*\n\nTOK-4 wants: A request under one token/s,
    );
    expect(explained.stdout).toMatch(
      /\n\nWhat happened:\n(?:  .*\n)+  [\d.]+-[\d.]+ ms, server \d for \d+: /,
    );
    // The retry, and that it has a token of its own.
    expect(explained.stdout).toMatch(
      /client 0 for 1: asks server \d: put k0 by a token of 31\.508 ms/,
    );
    expect(explained.stdout).toContain("Code that names TOK-4: src/");
    expect(beside.stdout).toContain("It passes without");
    expect(beside.stdout).toMatch(/changes that were tried helps?, the nearest first/);
    expect([again, engine, explained, beside].map(({ code }) => code)).toEqual([1, 0, 0, 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

const REFUSALS: readonly (readonly [args: readonly string[], says: string])[] = [
  [["replay", "package.json"], "package.json: format is missing"],
  [["replay", "nofile.json"], "kvdal: nofile.json: there is no such file"],
  [["explain", "sim"], "kvdal: sim: is a folder, wanted a plan file"],
  [["merge", "nofile.jsonl"], "kvdal: nofile.jsonl: there is no such file"],
  [["explain"], "neither is named, wanted a plan file, or a world by --seed"],
  [["diff", "package.json", "--seed", "1"], "both are named, wanted a plan file, or a world by"],
  [["diff", "package.json", "--faults", "loss"], "a plan file has its own"],
  [["replay", "package.json", "--mutant", "no-tie-break", "--no-mutant"], "one of them"],
  [["diagram", "--mutant", "no-tie-break", "--no-mutant", "--seed", "1"], "one of them"],
  [["shrink"], "a plan file, or a world by --seed"],
  [["shrink", "--seed", "1", "--mutant", "nobody"], "no planted bug is called nobody"],
];

test("kvdal replay, explain, diff, merge, diagram and shrink refuse what makes no sense, with code 2", async () => {
  const runs = await kvdalEach(REFUSALS.map(([args]) => args));
  for (const [i, [args, said]] of REFUSALS.entries()) {
    expect(runs[i]?.stderr, args.join(" ")).toContain(said);
    expect(runs[i]?.code, args.join(" ")).toBe(2);
  }
}, 60_000);

test("kvdal explain and diff take a world by its seed, with what says which world that is", async () => {
  const planted = ["--seed", "5", "--mutant", "expired-items-shown"];
  const [explained, beside, sound, consumer] = await Promise.all([
    kvdal(["explain", ...planted]),
    kvdal(["diff", ...planted]),
    kvdal(["explain", "--seed", "5"]),
    kvdal(["diff", "--seed", "5", "--workload", "druid-cache", "--faults", "none"]),
  ]);
  expect(explained.stdout).toMatch(/^TTL-1 is broken: .* shows a put [\d.]+ ms past its expiry\./);
  expect(explained.stdout).toMatch(/is dated [\d.]+ ms and expires at/);
  expect(explained.stdout).toMatch(/servers'\s+clocks showed/);
  const parts = explained.stdout.trimEnd().split("\n\n");
  const most = [15, 7, 10];
  expect(parts).toHaveLength(most.length);
  for (const [i, part] of parts.entries()) {
    expect(part.split("\n").length).toBeLessThanOrEqual(most[i] ?? 0);
  }
  expect(beside.stdout).toContain("It passes without");
  expect(sound.stdout).toMatch(/^the world of seed 5 breaks no rule: nothing to explain\n/);
  const plain = /^Taken was: --engine replicated, no --cache \([^)]*\), faults of all kinds,\s+no/m;
  expect(sound.stdout).toMatch(plain);
  expect(sound.stdout).toContain("those of the red run's repeat line are wanted.\n");
  expect(consumer.stdout).toMatch(/^the world of seed 5 breaks no rule: nothing to compare\n/);
  expect(consumer.stdout).toMatch(/--faults none,\s+--workload druid-cache/);
  expect([explained, beside, sound, consumer].map(({ code }) => code)).toEqual([0, 0, 1, 1]);
}, 240_000);

test("a kept plan that breaks another rule now is explained, compared and cut down by that one", async () => {
  const bug = ["sim/corpus/versions-share-chunks.json", "--mutant", "collector-ignores-head"];
  const told = await Promise.all(
    ["explain", "diff", "shrink"].map((verb) => kvdal([verb, ...bug])),
  );
  for (const { stdout } of told) {
    expect(stdout).toMatch(/^Kept for CHUNK-4, which it breaks no more; it breaks CHUNK-5 now\.\n/);
  }
  const [explained, beside, shrunk] = told.map(({ stdout }) => stdout);
  expect(explained).toContain("\nCHUNK-5 is broken: a client met DATA_LOSS");
  expect(beside).toContain("\nIt passes without ");
  expect(shrunk).toContain("\nCHUNK-5: 2 operations and 0 faults, ");
  expect(told.map(({ code }) => code)).toEqual([0, 0, 0]);
}, 120_000);

test("the flaws of a plan file are told a line each, a key that was probably meant among them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kvdal-flaws-"));
  try {
    const file = join(folder, "wrong.json");
    const kept = JSON.parse(readFileSync("sim/corpus/no-tie-break.json", "utf8")) as {
      plan: Record<string, unknown>;
    };
    Object.assign(kept.plan, { operatoins: 1, healAt: "soon" });
    writeFileSync(file, JSON.stringify(kept));
    const empty = join(folder, "empty.json");
    writeFileSync(empty, "");
    const [wrong, nothing] = await Promise.all([kvdal(["replay", file]), kvdal(["replay", empty])]);
    expect(wrong.stderr).toContain(
      `${file}: plan.operatoins is an unknown key; did you mean operations?`,
    );
    expect(wrong.stderr).toContain(`${file}: plan.healAt is "soon", wanted a whole number`);
    expect(nothing.stderr).toContain(`${empty}: the file is empty, wanted a plan file`);
    expect([wrong.code, nothing.code]).toEqual([2, 2]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
