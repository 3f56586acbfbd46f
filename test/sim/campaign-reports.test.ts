/** Summaries of a campaign that failed in every way, and how the program ends then. */
import { expect, test } from "vitest";
import {
  type CampaignResult,
  coverageLines,
  type FailureKind,
  noSums,
  summaryHtml,
  summaryJson,
  summaryJunit,
  summaryLines,
} from "../../sim/index.ts";
import { exitCodeOf } from "../../src/cli/sim/outcome.ts";

const WHAT = 'operation 9 read "<old>" & nothing else\u0000';

const MORE = { operations: [9], also: ["CONS-2"], fingerprint: "0123456789abcdef" };

function failedAs(...kinds: readonly FailureKind[]): CampaignResult {
  const sums = noSums();
  sums.counts.worlds = 1000;
  for (const [i, kind] of kinds.entries()) {
    const rule = kind === "violation" ? "TOK-5" : "RES-1";
    sums.failures.push({ seed: 9 - i, kind, rule, what: WHAT, ...MORE });
  }
  const asked = {
    engine: "replicated",
    cacheEngine: "simulated",
    twice: false,
    faults: ["loss", "give_up"] as const,
    workloads: ["druid-cache"] as const,
    firstSeed: 1,
    seeds: 1000,
    forMillis: null,
    shard: { index: 0, of: 1 },
  };
  return {
    asked,
    sums,
    lastSeed: 1000,
    millis: 5,
    end: "done",
    kept: new Map(),
    program: "npx kvdal",
  };
}

const ALL = failedAs("violation", "liveness", "crash", "determinism");
const REPEAT =
  "npx kvdal sim --seed 9 --cache simulated --workload druid-cache --faults loss,give_up";

/** Whether every tag that is opened is closed, and no sign is left that has a meaning. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, end, name, rest] of xml.matchAll(/<(\/?)([a-z]+)((?:[^<>"]|"[^"<]*")*)>/g)) {
    if (end === "/") {
      if (open.pop() !== name) return false;
    } else if (rest?.endsWith("/") === false) open.push(name ?? "");
  }
  const text = xml.replace(/<\?[^>]*\?>|<\/?[a-z]+(?:[^<>"]|"[^"<]*")*>/g, "");
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;|quot;)/.test(text);
}

test("JUnit has a test a rule, and the failures where they belong", () => {
  const xml = summaryJunit(ALL);
  expect(isWellFormed(xml)).toBe(true);
  expect(xml).not.toContain("\u0000");
  expect(isWellFormed(xml.replace("&lt;old", "<old"))).toBe(false);
  expect(xml).toContain('<testcase classname="kvdal.sim.reads" name="TOK-5">');
  expect(xml).toContain('<testcase classname="kvdal.sim.faults" name="ERR-3"/>');
  expect(xml).toContain(`repeat: ${REPEAT}`);
  expect(xml.match(/<failure /g)).toHaveLength(4);
  expect(xml).toContain(' failures="4" ');
});

test("the page needs nothing else, and shows failures and what was not met", () => {
  const page = summaryHtml(ALL);
  expect(page).toContain("4 worlds failed");
  expect(page).toContain("&lt;old&gt;&quot; &amp; nothing");
  expect(page).toContain(`<code>${REPEAT}</code>`);
  expect(page).not.toMatch(/<script|https?:|src=|<link/);
  expect(summaryHtml(failedAs())).toContain("No rule was broken");
});

test("JSON and text tell the ways to fail apart", () => {
  const json = summaryJson(ALL);
  expect(json).toMatchObject({
    failures: 4,
    kinds: { determinism: 1, crash: 1, violation: 1, liveness: 1 },
    coverage: { hit: 0, contradicted: [] },
  });
  const text = summaryLines(ALL).join("\n");
  expect(text).toContain("Result   1 world broke a rule:");
  expect(text).toContain("Result   1 world differs when it is run again:");
  expect(text).toContain(`repeat: ${REPEAT}\n`);
  expect(coverageLines(ALL).find((line) => line.startsWith("give_up "))).toMatch(
    /^give_up +-\.\. /,
  );
  expect(coverageLines(ALL).find((line) => line.startsWith("tails "))).toMatch(/^tails +---/);
});

type Ending = { readonly kinds: readonly FailureKind[]; readonly code: number };

const ENDINGS: readonly Ending[] = [
  { kinds: [], code: 0 },
  { kinds: ["liveness"], code: 4 },
  { kinds: ["liveness", "violation"], code: 1 },
  { kinds: ["violation", "crash"], code: 5 },
  { kinds: ["crash", "determinism", "violation"], code: 6 },
];

test.each(ENDINGS)("of $kinds the gravest decides: exit code $code", ({ kinds, code }) => {
  expect(exitCodeOf(failedAs(...kinds))).toBe(code);
});

test("a campaign that was stopped, or proves too little, does not end as a sound one", () => {
  const sound = failedAs();
  expect(exitCodeOf({ ...sound, end: "interrupted" })).toBe(130);
  sound.sums.counts.inconclusive = 10;
  expect(exitCodeOf(sound)).toBe(0);
  sound.sums.counts.inconclusive = 11;
  expect(exitCodeOf(sound)).toBe(7);
});

test.each([
  [
    "too many runs that prove nothing",
    7,
    (sound: CampaignResult): CampaignResult => {
      sound.sums.counts.inconclusive = 11;
      return sound;
    },
  ],
  [
    "a kept plan that fails",
    1,
    (sound: CampaignResult): CampaignResult => {
      const kept = { operations: [], keptFor: "TOK-6", reason: "Everybody elects the same." };
      const path = "sim/corpus/ties.json";
      const failing = [{ name: "ties", path, rule: "TOK-6", what: WHAT, ...kept }];
      return { ...sound, corpus: { plans: 3, failing } };
    },
  ],
] as const)("no report says that all is well beside %s", (_what, code, spoil) => {
  const isRed = (result: CampaignResult): readonly boolean[] => [
    !summaryLines(result).includes("Result   no rule was broken."),
    /<failure /.test(summaryJunit(result)) && summaryJunit(result).includes(' failures="1" '),
    summaryHtml(result).includes("Not all is well"),
  ];
  expect(isRed(failedAs())).toEqual([false, false, false]);
  const spoilt = spoil(failedAs());
  expect(isRed(spoilt)).toEqual([true, true, true]);
  expect(isWellFormed(summaryJunit(spoilt))).toBe(true);
  expect(exitCodeOf(spoilt)).toBe(code);
});
