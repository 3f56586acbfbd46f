/** What a campaign came to, for people. */
import { ORACLES } from "../check/oracles.ts";
import { type Failure, FAILURE_KINDS } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { printOf } from "../campaign/sums.ts";
import { coverageLine } from "./coverage.ts";
import { faultLines } from "./faults.ts";
import { pointLines } from "./points.ts";
import {
  cpuSeconds,
  failuresOf,
  KIND_WORDS,
  number,
  otherFlaws,
  percent,
  locateLine,
  repeatLine,
  worlds,
} from "./figures.ts";

/** The summary as lines of text: what ran, what was checked, how fast, what failed and how to repeat it. */
export function summaryLines(result: CampaignResult): readonly string[] {
  const { counts } = result.sums;
  const seconds = cpuSeconds(result.sums);
  const rate = (count: number): string => number(Math.round(count / seconds));
  const virtual = Math.round(counts.virtualMicros / 1e6);
  return [
    ...corpusLines(result),
    `Ran      ${number(counts.worlds)} worlds over the ${result.asked.engine} engine, ${seedsLine(result)}, ` +
      `${number(virtual)} s of virtual time.`,
    `         ${number(counts.operations)} client calls, ${percent(counts.succeeded, counts.operations)} answered, ` +
      `${number(counts.unknown)} left unknown; ${number(counts.events)} events.`,
    ...endLines(result),
    `Faults   ${number(counts.messages)} messages: ${number(counts.lost)} lost, ${number(counts.cut)} cut off, ` +
      `${number(counts.duplicated)} doubled, ${number(counts.delayed)} held up; ${number(counts.crashes)} crashes; ${clocks(result)}`,
    ...workloadLines(result),
    ...faultLines(result.sums, result.program),
    ...pointLines(result.sums, result.program),
    ...cacheLines(result),
    ...regionLines(result),
    ...checkedLines(result),
    coverageLine(result),
    ...(counts.repeated > 0
      ? [`Repeated ${number(counts.repeated)} worlds a second time: fingerprints equal.`]
      : []),
    ...(counts.inconclusive > 0
      ? [
          `Spoilt   ${number(counts.inconclusive)} runs in which the engine failed by itself; they were run again.`,
        ]
      : []),
    `Speed    ${seconds.toFixed(1)} CPU-seconds: ${rate(counts.operations)} calls and ${rate(counts.events)} events ` +
      `a CPU-second, virtual time ${number(Math.round(virtual / seconds))} times as fast.`,
    `Print    ${printOf(result.sums)} (the same seeds give the same on any machine)`,
    ...verdict(result),
  ];
}

function locateLines(result: CampaignResult, failure: Failure): readonly string[] {
  return failure.kind === "determinism" ? [`    locate: ${locateLine(result, failure)}`] : [];
}

function clocks({ asked: { faults } }: CampaignResult): string {
  return faults === null
    ? "every clock wrong in its own way."
    : `on: ${faults.join(", ") || "none"}.`;
}

function workloadLines({ asked: { workloads } }: CampaignResult): readonly string[] {
  return workloads === null ? [] : [`Workload ${workloads.join(", ")}`];
}

function seedsLine({ asked, lastSeed }: CampaignResult): string {
  const { index, of } = asked.shard;
  const share = of === 1 ? "" : `, of every ${of} the ${nth(index + 1)}`;
  return `seeds ${asked.firstSeed} to ${lastSeed}${share}`;
}

function nth(place: number): string {
  const tens = place % 100;
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}

function endLines({ asked, end, sums }: CampaignResult): readonly string[] {
  if (end !== "interrupted") return [];
  const wanted = asked.seeds === null ? "" : ` of ${number(asked.seeds)}`;
  return [`Stopped  by a signal, after ${number(sums.counts.worlds)}${wanted} worlds.`];
}

function cacheLines({ asked, sums: { counts, cache } }: CampaignResult): string[] {
  if (counts.cachedWorlds === 0) return [];
  const asks = cache.hits + cache.misses;
  return [
    `Cache    ${number(counts.cachedWorlds)} worlds with a ${asked.cacheEngine ?? "simulated"} cache in front: ` +
      `${percent(cache.hits, asks)} of ${number(asks)} questions answered by it,`,
    `         ${number(cache.stale)} entries not believed, ${number(cache.markers)} markers met, ${number(cache.shared)} reads ` +
      `shared, ${number(cache.failures)} calls failed, ${number(cache.refusedWrites)} writes refused for that.`,
  ];
}

function regionLines({ sums: { counts, regions } }: CampaignResult): readonly string[] {
  if (counts.regionWorlds === 0) return [];
  const { failovers, acknowledged, behind, missing, arrivals, lagMicros } = regions;
  const lag = arrivals === 0 ? 0 : lagMicros / arrivals / 1_000;
  return [
    `Regions  ${worlds(counts.regionWorlds)} of two, ${lag.toFixed(1)} ms apart by what was acknowledged; ` +
      `${number(failovers)} failovers: of ${number(acknowledged)} writes that the lost`,
    `         region had acknowledged, the other one had not ${number(behind)} when it was lost, ` +
      `and not ${number(missing)} when it came back.`,
  ];
}

function corpusLines({ corpus }: CampaignResult): readonly string[] {
  if (corpus === undefined) return [];
  const { plans, failing } = corpus;
  const end = failing.length === 0 ? "no rule was broken." : `${failing.length} broke a rule.`;
  return [`Corpus   ${plans} kept plans first: ${end}`];
}

/** Rules on one line of the summary. */
const RULES_A_LINE = 12;

/** Every rule that an oracle can report, each once, in the order in which the oracles are asked. */
function checkedLines({ program }: CampaignResult): readonly string[] {
  const rules = [...new Set(ORACLES.flatMap((oracle) => oracle.rules))];
  const lines = Array.from({ length: Math.ceil(rules.length / RULES_A_LINE) }, (_, i) =>
    rules.slice(i * RULES_A_LINE, (i + 1) * RULES_A_LINE).join(", "),
  );
  return [
    `Checked  ${rules.length} rules by ${ORACLES.length} oracles, see ${program} rules:`,
    ...lines.map((line) => `         ${line}`),
  ];
}

/** Failures shown of each kind. */
const SHOWN = 10;

function verdict(result: CampaignResult): readonly string[] {
  const failures = failuresOf(result);
  const others = otherFlaws(result).map((flaw) => `Result   ${flaw}`);
  if (failures.length + others.length === 0) return ["Result   no rule was broken."];
  const ofWorlds = FAILURE_KINDS.flatMap((kind) => {
    const own = failures.filter((failure) => failure.kind === kind);
    if (own.length === 0) return [];
    return [
      `Result   ${worlds(own.length)} ${KIND_WORDS[kind]}:`,
      ...own
        .slice(0, SHOWN)
        .flatMap((failure) => [
          `  ${failure.rule} in seed ${failure.seed}: ${failure.what}`,
          `    repeat: ${repeatLine(result, failure)}`,
          ...locateLines(result, failure),
        ]),
    ];
  });
  return [...ofWorlds, ...others];
}
