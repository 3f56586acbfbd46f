/** What a campaign says of many failures: by rule, in lines that fit, and what to do next. */
import { expect, test } from "vitest";
import {
  type CampaignResult,
  coverageLines,
  type FailureKind,
  nextLines,
  noSums,
  stepsAfter,
  summaryHtml,
  summaryJson,
  summaryJunit,
  summaryLines,
} from "../../sim/index.ts";
import { WALL_ORIGIN } from "../../sim/world/world.ts";
import { inOnePiece, wrapped } from "../../sim/words/columns.ts";
import { corpusLines } from "../../src/cli/corpus-text.ts";
import { fold } from "../../src/cli/fold.ts";
import { PLAIN } from "../fakes/asked.ts";

type Failed = readonly [kind: FailureKind, rule: string, seeds: readonly number[]];

const WHAT = "key 2 of record 0 shows an older put than the put acknowledged before the read began";

/** A campaign in which these worlds failed. */
function failedIn(...failed: readonly Failed[]): CampaignResult {
  const sums = noSums();
  sums.counts.worlds = 400;
  for (const [kind, rule, seeds] of failed) {
    for (const seed of seeds) {
      const more = { operations: [], also: [], fingerprint: "" };
      sums.failures.push({ seed, kind, rule, what: WHAT, ...more });
    }
  }
  const asked = { ...PLAIN, seeds: 400 };
  const seen = { lastSeed: 400, millis: 5, end: "done", kept: new Map<number, string>() } as const;
  return { asked, sums, ...seen, program: "npm run kvdal --" };
}

const MANY = Array.from({ length: 120 }, (_, i) => 300 - i);
const MIXED = failedIn(
  ["liveness", "RES-1", [4]],
  ["violation", "PUT-3", [9, 8]],
  ["violation", "PAGE-2", MANY],
  ["crash", "CRASH", [7]],
);

test("failures are told by rule: the gravest way to fail, then the rule that most worlds broke", () => {
  const text = summaryLines(MIXED);
  const heads = text.filter((line) => /^Result|^ {2}\S/.test(line));
  expect(heads).toEqual([
    "Result   1 world ended because something threw:",
    "  CRASH in 1 of 400 worlds, seed 7: key 2 of record 0 shows an older put than the put acknowledged",
    "Result   122 worlds broke a rule, 2 rules in all:",
    "  PAGE-2 in 120 of 400 worlds, the first with seed 181: key 2 of record 0 shows an older put than",
    "  PUT-3 in 2 of 400 worlds, the first with seed 8: key 2 of record 0 shows an older put than the",
    "Result   1 world stopped, or did not answer once it was sound:",
    "  RES-1 in 1 of 400 worlds, seed 4: key 2 of record 0 shows an older put than the put acknowledged",
  ]);
  expect(text).toContain("    and 119 more: seeds 182, 183, 184, 185, 186, …");
  expect(text).toContain("    and 1 more: seed 9");
  expect(text.length).toBeLessThan(50);
});

test("of three rules or more it is said that one bug may be behind them, and where to begin", () => {
  const most = ["violation", "PAGE-2", [5, 6, 7]] as const;
  const two = failedIn(["violation", "PUT-3", [9]], most);
  const three = failedIn(["violation", "PUT-3", [9]], most, ["violation", "TOK-4", [8]]);
  const says = "  One bug often breaks several rules. Begin with the first: 3 of the 5 worlds.";
  const at = summaryLines(three).indexOf(says);
  expect(summaryLines(three)[at + 1]).toContain("PAGE-2 in 3 of 400 worlds");
  expect(summaryLines(two).join("\n")).not.toContain("One bug");
});

test("people read instants from the world's beginning on, machines the clock's", () => {
  const red = failedIn(["violation", "TOK-4", [1]]);
  const [failure] = red.sums.failures;
  if (failure === undefined) throw new Error("no world failed");
  const what = `it was written at ${WALL_ORIGIN + 31_508}`;
  red.sums.failures[0] = { ...failure, what };
  for (const text of [summaryLines(red).join("\n"), summaryHtml(red), summaryJunit(red)]) {
    expect(text).toContain("it was written at 31.508 ms");
  }
  expect(summaryJson(red)["failing"]).toMatchObject([{ what }]);
});

test("the page has a row a rule and folds the many away; JSON and JUnit have every world", () => {
  const page = summaryHtml(MIXED);
  expect(page.match(/<tr><td><b class="bad">/g)).toHaveLength(4);
  expect(page).toContain("<details><summary>and 118 more</summary>");
  expect(page).toContain("18 worlds more: in the JSON.");
  expect(page.match(/<details>/g)).toHaveLength(1);
  expect(page).toContain("npm run kvdal -- explain --seed 181");
  expect(summaryJson(MIXED)["failing"]).toHaveLength(124);
  expect(summaryJunit(MIXED).match(/ {2}repeat: /g)).toHaveLength(124);
});

test("a kept file stands beside the line that runs the world anywhere", () => {
  const kept = { ...MIXED, kept: new Map([[181, "failures/page-2-181.json"]]) };
  const text = summaryLines(kept).join("\n");
  expect(text).toContain(
    "    repeat: npm run kvdal -- sim --seed 181\n    kept:   failures/page-2-181.json\n",
  );
  expect(summaryJunit(kept)).toContain(
    "  repeat: npm run kvdal -- sim --seed 181\n  kept:   failures/page-2-181.json",
  );
  expect(summaryHtml(kept)).toContain("kept: <code>failures/page-2-181.json</code>");
  const failing = summaryJson(kept)["failing"] as readonly { readonly seed: number }[];
  expect(failing.find(({ seed }) => seed === 181)).toMatchObject({
    repeat: "npm run kvdal -- sim --seed 181",
    kept: "failures/page-2-181.json",
  });
});

/** What is said to be done next, without the program. */
function nextOf(result: CampaignResult, change: Partial<CampaignResult> = {}): readonly string[] {
  const steps = stepsAfter({ ...result, ...change });
  return steps.map(([command]) => command.replace("npm run kvdal -- ", ""));
}

test("what to do next is looked up in the world that failed first, by its file or its seed", () => {
  const red = failedIn(["violation", "PUT-3", [77, 78]]);
  expect(nextOf(failedIn())).toEqual([]);
  expect(nextOf(red)).toEqual([
    "explain --seed 77",
    "diff --seed 77",
    "diagram --seed 77",
    "shrink --seed 77 --out small.json",
  ]);
  expect(nextOf(red, { kept: new Map([[77, "failures/put-3-77.json"]]) })[0]).toBe(
    "explain failures/put-3-77.json",
  );
  const over = { ...red.asked, engine: "conditional", cacheEngine: "simulated" };
  expect(nextOf(red, { asked: over })).toEqual([
    "explain --seed 77 --engine conditional --cache simulated",
    "diff --seed 77 --engine conditional --cache simulated",
    "shrink --seed 77 --engine conditional --cache simulated --out small.json",
  ]);
  expect(nextOf(red, { asked: { ...red.asked, faults: ["loss"] } })[0]).toBe(
    "explain --seed 77 --faults loss",
  );
  expect(nextOf(MIXED).slice(0, 2)).toEqual(["sim --seed 7", "explain --seed 181"]);
  expect(nextOf(failedIn(["determinism", "DETERMINISM", [5]], ["crash", "CRASH", [6]]))).toEqual([
    "divergence --seed 5",
  ]);
});

const TIES = { name: "ties", path: "sim/corpus/ties.json", rule: "TOK-7", what: WHAT };
const CORPUS = {
  plans: 3,
  failing: [
    { ...TIES, name: "none", path: "none.json", operations: [], keptFor: "TOK-6", reason: "" },
    { ...TIES, operations: [3], keptFor: "TOK-6", reason: "Everybody has to elect the same." },
  ],
};

test("a kept plan that fails is told with what it is kept for, and explained next", () => {
  expect(nextOf(failedIn(), { corpus: CORPUS })).toEqual([
    "explain sim/corpus/ties.json --no-mutant",
    "diff sim/corpus/ties.json --no-mutant",
    "diagram sim/corpus/ties.json --no-mutant",
  ]);
  const red = failedIn(["violation", "PUT-3", [77]]);
  expect(nextOf(red, { corpus: CORPUS }).at(-1)).toBe("explain sim/corpus/ties.json --no-mutant");
  const text = summaryLines({ ...failedIn(), corpus: CORPUS }).join("\n");
  expect(text).toMatch(/^Result {3}the kept plan ties breaks TOK-7: key 2/m);
  expect(text).toContain(
    "\n    kept for TOK-6: Everybody has to elect the same.\n    repeat: npm run kvdal -- replay ",
  );
});

test("a world whose verdict names operations is looked into first, then one of each other rule", () => {
  const red = failedIn(
    ["violation", "CACHE-1", [3, 4, 5]],
    ["violation", "CACHE-2", [6, 81]],
    ["violation", "PUT-3", [7]],
    ["violation", "PAGE-2", [8]],
  );
  const { failures } = red.sums;
  for (const [i, failure] of failures.entries()) {
    if (failure.seed === 81) failures[i] = { ...failure, operations: [115, 118] };
  }
  const asked = { ...red.asked, cacheEngine: "simulated" };
  expect(nextOf(red, { asked })).toEqual([
    "explain --seed 81 --cache simulated",
    "explain --seed 3 --cache simulated",
    "explain --seed 7 --cache simulated",
    "diff --seed 81 --cache simulated",
    "diagram --seed 81 --cache simulated",
    "shrink --seed 81 --cache simulated --out small.json",
  ]);
});

test("what a step shows stands beside its command, or below where that is too long", () => {
  const long = "x".repeat(90);
  expect(nextLines([])).toEqual([]);
  expect(
    nextLines([
      ["explain it", "why"],
      ["diff", "how"],
      [long, "that"],
    ]),
  ).toEqual([
    "Next     explain it   why",
    "         diff         how",
    `         ${long}`,
    "             that",
  ]);
});

test("no line of words is wider than a terminal, and no command is broken", () => {
  const { counts, skew } = MIXED.sums;
  Object.assign(counts, { messages: 1e9, operations: 1e9, cachedWorlds: 9, regionWorlds: 9 });
  for (const row of skew) row.splice(0, 3, 1_000_000, 1_000_000, 123_456);
  const lines = [...summaryLines(MIXED), ...coverageLines(MIXED), ...nextLines(stepsAfter(MIXED))];
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines.join("\n")).toContain("see npm run kvdal -- faults.");
  expect(lines).toContain(
    "Skew     of a million writes, those that lost to one acknowledged before they began: 123,456 where",
  );
  expect(lines.join(" ")).toMatch(/123,456 by less than 20 ms, /);
  expect(lines.some((line) => line.startsWith("Fingerprint 0000000000000000"))).toBe(true);
  const word = "b".repeat(90);
  expect(wrapped("a ", `${word} ${inOnePiece("c d e f g")}`)).toEqual([`a ${word}`, "  c d e f g"]);
  expect(wrapped("a ", `${"b".repeat(120)} c`)).toEqual([`a ${"b".repeat(120)}`, "  c"]);
});

test("one world is told as one", () => {
  const one = failedIn(["violation", "PUT-3", [3]]);
  one.sums.counts.worlds = 1;
  const told = { ...one, asked: { ...one.asked, firstSeed: 3 }, lastSeed: 3 };
  expect(summaryLines(told)[0]).toContain("1 world over the replicated engine, seed 3, ");
  expect(summaryHtml(told)).toContain("1 world over the replicated engine, seed 3; ");
});

test("a kept plan FAILS where the code is wrong, and is ROTTEN where its bug is not found", () => {
  const plan = { rule: "TOK-6", mutant: "no-tie-break", reason: "why it is kept" };
  const outcomes = [
    { name: "a", ...plan, passes: true, reproduces: true, trouble: null },
    { name: "b", ...plan, passes: true, reproduces: false, trouble: "TOK-6 is not broken" },
    { name: "c", ...plan, passes: false, reproduces: true, trouble: `it fails: ${WHAT}` },
  ];
  const told = corpusLines(outcomes, [{ name: "c", path: `${process.cwd()}/sim/c.json` }]);
  const lines = told.flatMap((line) => fold(line).split("\n"));
  expect(lines.map((line) => line.split(/\s+/, 2).join(" "))).toEqual([
    "ok a",
    "ROTTEN b",
    "FAILS c",
    " put",
    "3 plans:",
    "",
    "Next npm",
    " npm",
  ]);
  expect(lines.find((line) => line.startsWith("Next"))).toContain("explain sim/c.json --no-mutant");
  expect(lines.every((line) => line.length <= 100)).toBe(true);
});
