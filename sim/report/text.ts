/** What a campaign came to, for people. */
import type { CampaignResult } from "../campaign/result.ts";
import { printOf } from "../campaign/sums.ts";
import { ORACLES } from "../check/oracles.ts";
import { inOnePiece, wrapped } from "../words/columns.ts";
import { coveredLines } from "./coverage.ts";
import { verdictLines } from "./failure-lines.ts";
import { faultLines } from "./faults.ts";
import { counted, cpuSeconds, number, percent, seedRange, worlds } from "./figures.ts";
import { pointLines } from "./points.ts";

/** The summary as lines of text: what ran, what was checked, how fast, what failed and how to repeat it. */
export function summaryLines(result: CampaignResult): readonly string[] {
  return [
    ...corpusLines(result),
    ...ranLines(result),
    ...endLines(result),
    ...networkLines(result),
    ...workloadLines(result),
    ...faultLines(result.sums, result.program),
    ...pointLines(result.sums, result.program),
    ...cacheLines(result),
    ...regionLines(result),
    ...checkedLines(result),
    ...coveredLines(result),
    ...againLines(result),
    ...speedLines(result),
    `Fingerprint ${printOf(result.sums)}, which the same seeds give on any machine.`,
    ...verdictLines(result),
  ];
}

function ranLines({ asked, sums: { counts }, lastSeed }: CampaignResult): readonly string[] {
  const { index, of } = asked.shard;
  const share = of === 1 ? "" : `, of every ${of} the ${nth(index + 1)}`;
  const seeds = `${seedRange(asked.firstSeed, lastSeed)}${share}`;
  const virtual = `${number(Math.round(counts.virtualMicros / 1e6))} s of virtual time`;
  const answered = percent(counts.succeeded, counts.operations);
  return [
    ...wrapped(
      "Ran      ",
      `${worlds(counts.worlds)} over the ${asked.engine} engine, ${seeds}, ${virtual}.`,
    ),
    ...wrapped(
      "         ",
      `${counted(counts.operations, "client call")}, ${answered} answered, ` +
        `${number(counts.unknown)} left unknown; ${counted(counts.events, "event")}.`,
    ),
  ];
}

function networkLines(result: CampaignResult): readonly string[] {
  const { counts } = result.sums;
  return wrapped(
    "Faults   ",
    `${counted(counts.messages, "message")}: ${number(counts.lost)} lost, ${number(counts.cut)} cut off, ` +
      `${number(counts.duplicated)} doubled, ${number(counts.delayed)} held up; ` +
      `${counted(counts.crashes, "crash", "crashes")}; ${clocks(result)}`,
  );
}

function againLines({ sums: { counts } }: CampaignResult): readonly string[] {
  const { repeated, inconclusive } = counts;
  const spoilt = `${counted(inconclusive, "run")} in which the engine failed by itself; repeated where possible.`;
  return [
    ...(repeated === 0 ? [] : [`Repeated ${worlds(repeated)} a second time: fingerprints equal.`]),
    ...(inconclusive === 0 ? [] : wrapped("Spoilt   ", spoilt)),
  ];
}

function speedLines({ sums }: CampaignResult): readonly string[] {
  const { operations, events, virtualMicros } = sums.counts;
  const seconds = cpuSeconds(sums);
  const rate = (count: number): string => number(Math.round(count / seconds));
  return wrapped(
    "Speed    ",
    `${seconds.toFixed(1)} CPU-seconds: ${rate(operations)} calls and ${rate(events)} events in each, ` +
      `virtual time ${rate(virtualMicros / 1e6)} times as fast.`,
  );
}

function clocks({ asked: { faults } }: CampaignResult): string {
  return faults === null
    ? "every clock wrong in its own way."
    : `on: ${faults.join(", ") || "none"}.`;
}

function workloadLines({ asked: { workloads } }: CampaignResult): readonly string[] {
  return workloads === null ? [] : wrapped("Workload ", workloads.join(", "));
}

function nth(place: number): string {
  const tens = place % 100;
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}

function endLines({ asked, end, sums }: CampaignResult): readonly string[] {
  if (end !== "interrupted") return [];
  const wanted = asked.seeds === null ? "" : ` of ${number(asked.seeds)}`;
  const ran = wanted === "" ? worlds(sums.counts.worlds) : number(sums.counts.worlds);
  return [`Stopped  by a signal, after ${ran}${wanted === "" ? "" : `${wanted} worlds`}.`];
}

function cacheLines({ asked, sums: { counts, cache } }: CampaignResult): readonly string[] {
  if (counts.cachedWorlds === 0) return [];
  const asks = cache.hits + cache.misses;
  return wrapped(
    "Cache    ",
    `${worlds(counts.cachedWorlds)} with a ${asked.cacheEngine ?? "simulated"} cache in front: ` +
      `${percent(cache.hits, asks)} of ${counted(asks, "question")} answered by it, ` +
      `${number(cache.stale)} entries not believed, ${number(cache.markers)} markers met, ` +
      `${number(cache.shared)} reads shared, ${number(cache.failures)} calls failed, ` +
      `${number(cache.refusedWrites)} writes refused for that.`,
  );
}

function regionLines({ sums: { counts, regions } }: CampaignResult): readonly string[] {
  if (counts.regionWorlds === 0) return [];
  const { failovers, acknowledged, behind, missing, arrivals, lagMicros } = regions;
  const lag = arrivals === 0 ? 0 : lagMicros / arrivals / 1_000;
  return wrapped(
    "Regions  ",
    `${worlds(counts.regionWorlds)} of two, ${lag.toFixed(1)} ms apart by what was acknowledged; ` +
      `${counted(failovers, "failover")}: of ${counted(acknowledged, "write")} that the lost region had ` +
      `acknowledged, the other one had not ${number(behind)} when it was lost, ` +
      `and not ${number(missing)} when it came back.`,
  );
}

function corpusLines({ corpus }: CampaignResult): readonly string[] {
  if (corpus === undefined) return [];
  const { plans, failing } = corpus;
  const end = failing.length === 0 ? "no rule was broken." : `${failing.length} broke a rule.`;
  return [`Corpus   ${counted(plans, "kept plan")} first: ${end}`];
}

/** How much is judged; the list itself is elsewhere. */
function checkedLines({ program }: CampaignResult): readonly string[] {
  const rules = new Set(ORACLES.flatMap((oracle) => oracle.rules));
  const see = inOnePiece(`${program} rules`);
  return wrapped(
    "Checked  ",
    `${rules.size} rules by ${ORACLES.length} oracles: ${see} lists them, --json and --html do, too.`,
  );
}
