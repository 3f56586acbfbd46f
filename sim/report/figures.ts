/** Figures as all reports of campaigns write them, and what they have in common. */
import type { Failure, FailureKind } from "../campaign/failure.ts";
import { type CampaignResult, type CorpusFailure, provesTooLittle } from "../campaign/result.ts";
import type { Sums } from "../campaign/sums.ts";
import { consumerOf } from "../workload/consumers/list.ts";
import { wrapped } from "../words/columns.ts";
import { shellWord } from "../words/shell-word.ts";

/** CPU-seconds, more than none. */
export function cpuSeconds({ counts }: Sums): number {
  return Math.max(counts.cpuMicros, 1) / 1e6;
}

/** Digits in groups of three, whatever the machine's language. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** So many of something, in words. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** So many worlds, in words. */
export function worlds(count: number): string {
  return counted(count, "world");
}

/** From which seed to which. */
export function seedRange(first: number, last: number): string {
  return first === last ? `seed ${first}` : `seeds ${first} to ${last}`;
}

/** A share, with one digit after the point. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : ((100 * part) / whole).toFixed(1)} %`;
}

/** Failures in the order of seeds, whichever process found them first. */
export function failuresOf({ sums }: CampaignResult): readonly Failure[] {
  return sums.failures.toSorted((a, b) => a.seed - b.seed);
}

/** The ways to fail, in words, of several worlds. */
export const KIND_WORDS: Readonly<Record<FailureKind, string>> = {
  determinism: "differ when they are run again",
  crash: "ended because something threw",
  violation: "broke a rule",
  liveness: "stopped, or did not answer once they were sound",
};

/** The same of so many worlds. */
export function kindWords(kind: FailureKind, count: number): string {
  return count === 1 ? ONE_WORLD_WORDS[kind] : KIND_WORDS[kind];
}

const ONE_WORLD_WORDS: Readonly<Record<FailureKind, string>> = {
  ...KIND_WORDS,
  determinism: "differs when it is run again",
  liveness: "stopped, or did not answer once it was sound",
};

/** Something else than a world that failed. */
export type OtherFlaw = {
  readonly says: string;
  /** More about it, and how to repeat it, line by line. */
  readonly lines: readonly string[];
};

/** One in several lines. */
export function flawText({ says, lines }: OtherFlaw): string {
  return [says, ...lines].join("\n");
}

/** What no report may leave out beside worlds that failed: kept plans, and too many runs that prove nothing. */
export function otherFlaws(result: CampaignResult): readonly OtherFlaw[] {
  const { program, corpus } = result;
  const { inconclusive } = result.sums.counts;
  const kept = (corpus?.failing ?? []).map((plan) => keptPlanFlaw(plan, program));
  if (!provesTooLittle(result)) return kept;
  const runs = `${number(inconclusive)} runs`;
  const says = `a real engine failed by itself and spoilt ${runs}: too little is proven`;
  return [...kept, { says, lines: [] }];
}

/** What it breaks, what it is kept for, and the line that repeats it. */
function keptPlanFlaw(plan: CorpusFailure, program: string): OtherFlaw {
  const { name, rule, what, keptFor, reason, path } = plan;
  return {
    says: `the kept plan ${name} breaks ${rule}: ${what}`,
    lines: [
      ...wrapped("    ", `kept for ${keptFor}: ${reason}`),
      `    repeat: ${program} replay ${shellWord(path)} --no-mutant`,
    ],
  };
}

/** The one line that says where two runs of the world part. */
export function locateLine({ asked, kept, program }: CampaignResult, { seed }: Failure): string {
  return `${program} divergence ${worldWords(seed, { asked, kept })}`;
}

/** The one line that runs the failing world again, on any machine. */
export function repeatLine({ asked, program }: CampaignResult, { seed, kind }: Failure): string {
  const twice = kind === "determinism" ? " --twice" : "";
  return `${program} sim --seed ${seed}${sidesOf(seed, asked)}${twice}`;
}

/** The world as arguments of the verbs that look into one: its file, where it has one, or its seed. */
export function worldWords(
  seed: number,
  { asked, kept }: Pick<CampaignResult, "asked" | "kept">,
): string {
  const file = kept.get(seed);
  return file === undefined ? `--seed ${seed}${sidesOf(seed, asked)}` : shellWord(file);
}

/** What of the campaign decides over the world beside its seed, as options. */
export function sidesOf(seed: number, asked: CampaignResult["asked"]): string {
  const engine = asked.engine === "replicated" ? "" : ` --engine ${shellWord(asked.engine)}`;
  const cache = asked.cacheEngine === null ? "" : ` --cache ${asked.cacheEngine}`;
  const faults = asked.faults === null ? "" : ` --faults ${asked.faults.join(",") || "none"}`;
  const { name } = consumerOf(seed, asked.workloads ?? undefined) ?? {};
  const workload = name === undefined ? "" : ` --workload ${name}`;
  return `${engine}${cache}${workload}${faults}`;
}
