/** What a campaign came to as JUnit's XML, as CI systems show it: a test a rule, and one for each other way to fail. */
import { FAILURE_KINDS, type Failure } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { ORACLES } from "../check/oracles.ts";
import { sinceBeginning } from "../words/clock-words.ts";
import { failuresOf, flawText, KIND_WORDS, otherFlaws, repeatLine, worlds } from "./figures.ts";
import { escaped } from "./markup.ts";

/** One test of the report. */
type Case = {
  readonly group: string;
  readonly name: string;
  readonly failures: readonly Failure[];
};

/** The XML. */
export function summaryJunit(result: CampaignResult): string {
  const cases = casesOf(result);
  const others = otherFlaws(result).map(flawText);
  const worldsFailed = cases.filter(({ failures }) => failures.length > 0).length;
  const failed = worldsFailed + (others.length > 0 ? 1 : 0);
  const seconds = (result.millis / 1000).toFixed(3);
  const counts = `tests="${cases.length + 1}" failures="${failed}" errors="0" time="${seconds}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="kvdal sim" ${counts}>`,
    `  <testsuite name="kvdal sim ${escaped(result.asked.engine)}" skipped="0" ${counts}>`,
    ...cases.flatMap((one) => caseLines(result, one)),
    ...testLines("campaign", "kept plans pass, and enough is proven", others),
    `  </testsuite>`,
    `</testsuites>`,
    ``,
  ].join("\n");
}

/** Every rule that an oracle can report, then what is no rule's. */
function casesOf(result: CampaignResult): readonly Case[] {
  const failures = failuresOf(result);
  const rules = new Map(
    ORACLES.toReversed().flatMap(({ name, rules }) => rules.map((rule) => [rule, name] as const)),
  );
  const broken = failures.filter(({ kind }) => kind === "violation");
  return [
    ...[...rules].map(([rule, oracle]) => ({
      group: oracle,
      name: rule,
      failures: broken.filter((failure) => failure.rule === rule),
    })),
    ...FAILURE_KINDS.filter((kind) => kind !== "violation").map((kind) => ({
      group: "worlds",
      name: `none ${KIND_WORDS[kind]}`,
      failures: failures.filter((failure) => failure.kind === kind),
    })),
  ];
}

function caseLines(result: CampaignResult, { group, name, failures }: Case): readonly string[] {
  const [first] = failures;
  if (first === undefined) return testLines(group, name, []);
  const lines = failures.map((failure) => {
    const { seed, what } = failure;
    const file = result.kept.get(seed);
    const kept = file === undefined ? "" : `\n  kept:   ${file}`;
    return `seed ${seed}: ${sinceBeginning(what)}\n  repeat: ${repeatLine(result, failure)}${kept}`;
  });
  const head = `${worlds(failures.length)}, the first with seed ${first.seed}: ${sinceBeginning(first.what)}`;
  return testLines(group, name, lines, { type: first.kind, head });
}

/** One test, passed where there is nothing to say of it. */
function testLines(
  group: string,
  name: string,
  flaws: readonly string[],
  { type = "campaign", head = flaws[0] ?? "" } = {},
): readonly string[] {
  const open = `    <testcase classname="kvdal.sim.${group.replaceAll(" ", "-")}" name="${escaped(name)}"`;
  if (flaws.length === 0) return [`${open}/>`];
  const text = escaped(flaws.join("\n"));
  return [
    `${open}>`,
    `      <failure type="${type}" message="${escaped(head)}">${text}</failure>`,
    `    </testcase>`,
  ];
}
