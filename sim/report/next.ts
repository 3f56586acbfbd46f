/** What to do next about a campaign that is red: commands to be copied. */
import { REPLICATED_WORLDS } from "../backends/replicated/backend.ts";
import type { Failure } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { COLUMNS } from "../words/columns.ts";
import { shellWord } from "../words/shell-word.ts";
import { locateLine, repeatLine, worldWords } from "./figures.ts";
import { type FailureGroup, groupsOf } from "./groups.ts";

/** A command, and what it shows. */
export type NextStep = readonly [command: string, shows: string];

/** Engines whose worlds `kvdal diagram` shows as they are. */
const DRAWN: readonly string[] = REPLICATED_WORLDS.map(({ name }) => name);

/** Rules that are looked into, a line each. */
const RULES_MAX = 3;

/**
 * The steps: for each rule, up to three, why a world breaks it, first where the verdict names operations; then more of the
 * first of these worlds. None where no world failed, and no kept plan.
 */
export function stepsAfter(result: CampaignResult): readonly NextStep[] {
  const groups = groupsOf(result);
  const [gravest] = groups;
  if (gravest?.kind === "determinism") {
    // Nothing else that was found can be relied on.
    return [[locateLine(result, gravest.first), "where its two runs part"]];
  }
  const isJudged = ({ kind }: FailureGroup): boolean => kind !== "crash";
  const judged = tellingFirst(groups.filter(isJudged).map(mostTelling)).slice(0, RULES_MAX);
  return [
    ...(gravest?.kind === "crash" ? [againStep(result, gravest.first)] : []),
    ...judgedSteps(result, judged),
    ...corpusSteps(result, judged.length > 0),
  ];
}

type Named = { readonly operations: readonly number[] };

/** Those first whose verdicts name operations: the others say of no call that it went wrong. */
function tellingFirst<F extends Named>(failures: readonly F[]): readonly F[] {
  return failures.toSorted(
    (a, b) => Math.sign(b.operations.length) - Math.sign(a.operations.length),
  );
}

function mostTelling({ first, failures }: FailureGroup): Failure {
  return failures.find(({ operations }) => operations.length > 0) ?? first;
}

function againStep(result: CampaignResult, failure: Failure): NextStep {
  return [repeatLine(result, failure), "the same world, alone"];
}

/** Of worlds whose clients saw something wrong: by its file, or by its seed. */
function judgedSteps(
  { asked, kept, program }: CampaignResult,
  failures: readonly Failure[],
): readonly NextStep[] {
  const [first, ...others] = failures;
  if (first === undefined) return [];
  const worldOf = ({ seed }: Failure): string => worldWords(seed, { asked, kept });
  const isCacheDrawn = kept.has(first.seed) || [null, "simulated"].includes(asked.cacheEngine);
  const isDrawn = DRAWN.includes(asked.engine) && isCacheDrawn;
  const explain = (failure: Failure): NextStep => [
    `${program} explain ${worldOf(failure)}`,
    others.length === 0 ? WHY : `why ${failure.rule} is broken`,
  ];
  return [...failures.map(explain), ...lookSteps(program, worldOf(first), isDrawn)];
}

const WHY = "why it fails, which faults it needs";

function lookSteps(program: string, world: string, isDrawn: boolean): readonly NextStep[] {
  return [
    [`${program} diff ${world}`, "beside the nearest run that passes"],
    ...(isDrawn ? [[`${program} diagram ${world}`, "as a space-time diagram"] as const] : []),
    [`${program} shrink ${world} --out small.json`, "the plan cut down"],
  ];
}

/** Kept plans are small as they are: the first of them, and more of it where there is nothing else to look into. */
function corpusSteps({ corpus, program }: CampaignResult, isBeside: boolean): readonly NextStep[] {
  const [first] = tellingFirst(corpus?.failing ?? []);
  if (first === undefined) return [];
  const world = `${shellWord(first.path)} --no-mutant`;
  const shows = isBeside ? `why this kept plan breaks ${first.rule}` : WHY;
  const explain: NextStep = [`${program} explain ${world}`, shows];
  return [explain, ...(isBeside ? [] : lookSteps(program, world, true).slice(0, -1))];
}

/** What stands before the first command, and as much room before the others. */
export const NEXT_HEAD = "Next     ";
/** The room between a command and what it shows. */
const GAP = "   ";

/** The steps as lines: what they show stands beside them, in one column for those that leave room for it. */
export function nextLines(steps: readonly NextStep[]): readonly string[] {
  const most = COLUMNS - NEXT_HEAD.length - GAP.length;
  const longest = Math.max(...steps.map(([, shows]) => shows.length));
  const short = steps.map(([{ length }]) => length).filter((length) => length + longest <= most);
  const column = Math.max(0, ...short);
  return steps.flatMap(([command, shows], i) => {
    const line = `${i === 0 ? NEXT_HEAD : " ".repeat(NEXT_HEAD.length)}${command.padEnd(column)}`;
    const isBeside = line.length + GAP.length + shows.length <= COLUMNS;
    return isBeside
      ? [`${line}${GAP}${shows}`]
      : [line, `${" ".repeat(NEXT_HEAD.length + 4)}${shows}`];
  });
}
