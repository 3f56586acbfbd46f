/** What to do next about a campaign that is red: commands to be copied. */
import type { Failure } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { COLUMNS } from "./columns.ts";
import { locateLine, repeatLine, sidesOf } from "./figures.ts";
import { type FailureGroup, groupsOf } from "./groups.ts";

/** A command, and what it shows. */
export type NextStep = readonly [command: string, shows: string];

/** Engines whose worlds `kvdal diagram` shows as they are. */
const DRAWN: readonly string[] = ["replicated", "two-regions"];

/** The steps, from the first world that failed on; none where none did, and no kept plan. */
export function stepsAfter(result: CampaignResult): readonly NextStep[] {
  const groups = groupsOf(result);
  const [gravest] = groups;
  if (gravest?.kind === "determinism") {
    // Nothing else that was found can be relied on.
    return [[locateLine(result, gravest.first), "where its two runs part"]];
  }
  const isJudged = ({ kind }: FailureGroup): boolean => kind !== "crash";
  const judged = groups.find(isJudged);
  return [
    ...(gravest?.kind === "crash" ? [againStep(result, gravest.first)] : []),
    ...(judged === undefined ? [] : judgedSteps(result, judged.first)),
    ...(groups.length === 0 ? corpusSteps(result) : []),
  ];
}

function againStep(result: CampaignResult, failure: Failure): NextStep {
  return [repeatLine(result, failure), "the same world, alone"];
}

/** Of a world whose clients saw something wrong: by its file, or by its seed. */
function judgedSteps(
  { asked, kept, program }: CampaignResult,
  { seed }: Failure,
): readonly NextStep[] {
  const file = kept.get(seed);
  const isCacheDrawn = file !== undefined || [null, "simulated"].includes(asked.cacheEngine);
  const isDrawn = DRAWN.includes(asked.engine) && isCacheDrawn;
  return lookSteps(program, file ?? `--seed ${seed}${sidesOf(seed, asked)}`, isDrawn);
}

function lookSteps(program: string, world: string, isDrawn: boolean): readonly NextStep[] {
  return [
    [`${program} explain ${world}`, "why it fails, which faults it needs"],
    [`${program} diff ${world}`, "beside the nearest run that passes"],
    ...(isDrawn ? [[`${program} diagram ${world}`, "as a space-time diagram"] as const] : []),
    [`${program} shrink ${world} --out small.json`, "the plan cut down"],
  ];
}

/** Kept plans are small as they are. */
function corpusSteps({ corpus, program }: CampaignResult): readonly NextStep[] {
  const [first] = corpus?.failing ?? [];
  if (first === undefined) return [];
  const world = `${first.path} --no-mutant`;
  return lookSteps(program, world, true).slice(0, -1);
}

/** The room before a command. */
const HEAD = "Next     ";
/** The room between a command and what it shows. */
const GAP = "   ";

/** The steps as lines: what they show stands beside them, in one column for those that leave room for it. */
export function nextLines(steps: readonly NextStep[]): readonly string[] {
  const most = COLUMNS - HEAD.length - GAP.length;
  const longest = Math.max(...steps.map(([, shows]) => shows.length));
  const short = steps.map(([{ length }]) => length).filter((length) => length + longest <= most);
  const column = Math.max(0, ...short);
  return steps.flatMap(([command, shows], i) => {
    const line = `${i === 0 ? HEAD : " ".repeat(HEAD.length)}${command.padEnd(column)}`;
    const isBeside = line.length + GAP.length + shows.length <= COLUMNS;
    return isBeside ? [`${line}${GAP}${shows}`] : [line, `${" ".repeat(HEAD.length + 4)}${shows}`];
  });
}
