/** What failed in a campaign, as lines of text: by rule, with a world of each, and how to repeat that. */
import { FAILURE_KINDS } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { sinceBeginning } from "../words/clock-words.ts";
import { wrapped } from "../words/columns.ts";
import { kindWords, locateLine, number, otherFlaws, repeatLine, worlds } from "./figures.ts";
import { type FailureGroup, groupsOf } from "./groups.ts";

/** Seeds that are named of worlds that nothing else is said of. */
const SEEDS_NAMED = 5;

/** The end of the summary: that all is well, or what is not. */
export function verdictLines(result: CampaignResult): readonly string[] {
  const groups = groupsOf(result);
  const others = otherFlaws(result).flatMap(({ says, lines }) => [
    ...wrapped("Result   ", says),
    ...lines,
  ]);
  if (groups.length + others.length === 0) return ["Result   no rule was broken."];
  const ofWorlds = FAILURE_KINDS.flatMap((kind) => {
    const own = groups.filter((group) => group.kind === kind);
    if (own.length === 0) return [];
    const count = own.reduce((sum, { failures }) => sum + failures.length, 0);
    const rules = own.length === 1 ? "" : `, ${number(own.length)} rules in all`;
    return [
      `Result   ${worlds(count)} ${kindWords(kind, count)}${rules}:`,
      ...oneBugLines(own, count),
      ...own.flatMap((group) => groupLines(result, group)),
    ];
  });
  return [...ofWorlds, ...others];
}

/** Rules from which several may be the work of one bug. */
const RULES_MANY = 3;

function oneBugLines(groups: readonly FailureGroup[], count: number): readonly string[] {
  const [most] = groups;
  if (most?.kind !== "violation" || groups.length < RULES_MANY) return [];
  const share = `${number(most.failures.length)} of the ${number(count)} worlds`;
  return [`  One bug often breaks several rules. Begin with the first: ${share}.`];
}

function groupLines(result: CampaignResult, { rule, first, failures }: FailureGroup): string[] {
  const { seed, what, kind } = first;
  const file = result.kept.get(seed);
  const all = result.sums.counts.worlds;
  const which = failures.length === 1 ? `seed ${seed}` : `the first with seed ${seed}`;
  const where = all < 2 ? which : `${number(failures.length)} of ${worlds(all)}, ${which}`;
  const [head = "", ...more] = wrapped("    ", `${rule} in ${where}: ${sinceBeginning(what)}`);
  return [
    `  ${head.trimStart()}`,
    ...more,
    `    repeat: ${repeatLine(result, first)}`,
    ...(file === undefined ? [] : [`    kept:   ${file}`]),
    ...(kind === "determinism" ? [`    locate: ${locateLine(result, first)}`] : []),
    ...moreLines(failures.slice(1).map((failure) => failure.seed)),
  ];
}

function moreLines(seeds: readonly number[]): readonly string[] {
  if (seeds.length === 0) return [];
  const named = seeds.slice(0, SEEDS_NAMED).join(", ");
  const others = seeds.length > SEEDS_NAMED ? ", …" : "";
  return [
    `    and ${number(seeds.length)} more: ${seeds.length === 1 ? "seed" : "seeds"} ${named}${others}`,
  ];
}
