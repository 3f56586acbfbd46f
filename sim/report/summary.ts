/** What a campaign came to, for people and for programs. */
import type { CampaignResult, Failure } from "../campaign.ts";
import { ORACLES } from "../check/oracles.ts";

/** Files of plans that were kept, by seed. */
export type KeptFiles = ReadonlyMap<number, string>;

const NONE_KEPT: KeptFiles = new Map();

/** The JSON of `sim --json`. */
export function summaryJson(
  result: CampaignResult,
  kept: KeptFiles = NONE_KEPT,
): Record<string, unknown> {
  const seconds = cpuSeconds(result);
  return {
    engine: result.engine,
    firstSeed: result.firstSeed,
    worlds: result.worlds,
    operations: result.operations,
    events: result.events,
    cpuSeconds: Number(seconds.toFixed(3)),
    operationsPerCpuSecond: Math.round(result.operations / seconds),
    eventsPerCpuSecond: Math.round(result.events / seconds),
    virtualToCpu: Math.round(result.virtualMicros / 1e6 / seconds),
    repeated: result.repeated,
    inconclusive: result.inconclusive,
    cacheEngine: result.cacheEngine ?? null,
    cachedWorlds: result.cachedWorlds,
    cache: { ...result.cache, hitRatio: hitRatio(result) },
    failures: result.failures.length,
    failing: result.failures.map((failure) => ({
      ...failure,
      repeat: repeatLine(result, failure, kept),
    })),
    fingerprint: result.fingerprint,
  };
}

/** The summary as lines of text: what ran, what was checked, how fast, what failed and how to repeat it. */
export function summaryLines(
  result: CampaignResult,
  kept: KeptFiles = NONE_KEPT,
): readonly string[] {
  const seconds = cpuSeconds(result);
  const rate = (count: number): string => number(Math.round(count / seconds));
  const virtual = Math.round(result.virtualMicros / 1e6);
  return [
    `Ran      ${number(result.worlds)} worlds over the ${result.engine} engine, seeds ${result.firstSeed} to ` +
      `${result.firstSeed + result.worlds - 1}, ${number(virtual)} s of virtual time.`,
    `         ${number(result.operations)} client calls, ${percent(result.succeeded, result.operations)} answered, ` +
      `${number(result.unknown)} left unknown; ${number(result.events)} events.`,
    `Faults   ${number(result.messages)} messages: ${number(result.lost)} lost, ${number(result.cut)} cut off, ` +
      `${number(result.duplicated)} doubled, ${number(result.delayed)} held up; ${number(result.crashes)} crashes; ` +
      `every clock wrong in its own way.`,
    ...cacheLines(result),
    ...checkedLines(),
    ...(result.repeated > 0
      ? [`Repeated ${number(result.repeated)} worlds a second time: fingerprints equal.`]
      : []),
    ...(result.inconclusive > 0
      ? [
          `Spoilt   ${number(result.inconclusive)} runs in which the engine failed by itself; they were run again.`,
        ]
      : []),
    `Speed    ${seconds.toFixed(1)} CPU-seconds: ${rate(result.operations)} calls and ${rate(result.events)} events ` +
      `a CPU-second, virtual time ${number(Math.round(virtual / seconds))} times as fast.`,
    `Print    ${result.fingerprint} (the same seeds give the same on any machine)`,
    ...verdict(result, kept),
  ];
}

function cacheLines({ cachedWorlds, cacheEngine = "simulated", cache }: CampaignResult): string[] {
  if (cachedWorlds === 0) return [];
  const asked = cache.hits + cache.misses;
  return [
    `Cache    ${number(cachedWorlds)} worlds with a ${cacheEngine} cache in front: ${percent(cache.hits, asked)} of ` +
      `${number(asked)} questions answered by it,`,
    `         ${number(cache.stale)} entries not believed, ${number(cache.markers)} markers met, ${number(cache.shared)} reads ` +
      `shared, ${number(cache.failures)} calls failed, ${number(cache.refusedWrites)} writes refused for that.`,
  ];
}

/** Of the questions that a cache was asked, how many it answered; three digits. */
function hitRatio({ cache: { hits, misses } }: CampaignResult): number {
  return hits === 0 ? 0 : Number((hits / (hits + misses)).toFixed(3));
}

/** Rules on one line of the summary. */
const RULES_A_LINE = 12;

/** Every rule that an oracle can report, each once, in the order in which the oracles are asked. */
function checkedLines(): readonly string[] {
  const rules = [...new Set(ORACLES.flatMap((oracle) => oracle.rules))];
  const lines = Array.from({ length: Math.ceil(rules.length / RULES_A_LINE) }, (_, i) =>
    rules.slice(i * RULES_A_LINE, (i + 1) * RULES_A_LINE).join(", "),
  );
  return [
    `Checked  ${rules.length} rules by ${ORACLES.length} oracles, see npm run kvdal -- rules:`,
    ...lines.map((line) => `         ${line}`),
  ];
}

function verdict(result: CampaignResult, kept: KeptFiles): readonly string[] {
  if (result.failures.length === 0) return ["Result   no rule was broken."];
  const shown = result.failures.slice(0, 10);
  return [
    `Result   ${number(result.failures.length)} worlds broke a rule:`,
    ...shown.flatMap((failure) => [
      `  ${failure.rule} in seed ${failure.seed}: ${failure.what}`,
      `    repeat: ${repeatLine(result, failure, kept)}`,
    ]),
  ];
}

/** The one line that runs the failing world again. */
function repeatLine(result: CampaignResult, failure: Failure, kept: KeptFiles): string {
  const file = kept.get(failure.seed);
  if (file !== undefined) return `npm run kvdal -- replay ${file}`;
  const engine = result.engine === "replicated" ? "" : ` --engine ${result.engine}`;
  const cache = result.cacheEngine === undefined ? "" : ` --cache ${result.cacheEngine}`;
  return `npm run kvdal -- sim --seed ${failure.seed}${engine}${cache}`;
}

function cpuSeconds(result: CampaignResult): number {
  return Math.max(result.cpuMicros, 1) / 1e6;
}

/** Digits in groups of three, whatever the machine's language. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : ((100 * part) / whole).toFixed(1)} %`;
}
