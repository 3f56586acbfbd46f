/** What a campaign came to, for programs. */
import { FAILURE_KINDS } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { printOf, type Sums } from "../campaign/sums.ts";
import { ORACLES } from "../check/oracles.ts";
import { coverageJson } from "./coverage.ts";
import { faultCounts, skewCounts } from "./faults.ts";
import { pointCounts } from "./points.ts";
import { cpuSeconds, failuresOf, repeatLine } from "./figures.ts";

/** The JSON of `sim --json`. */
export function summaryJson(result: CampaignResult): Record<string, unknown> {
  const { asked, sums } = result;
  const { counts, cache } = sums;
  const seconds = cpuSeconds(sums);
  const failures = failuresOf(result);
  const ofKind = (kind: string): number => failures.filter((each) => each.kind === kind).length;
  return {
    engine: asked.engine,
    firstSeed: asked.firstSeed,
    worlds: counts.worlds,
    operations: counts.operations,
    events: counts.events,
    cpuSeconds: Number(seconds.toFixed(3)),
    operationsPerCpuSecond: Math.round(counts.operations / seconds),
    eventsPerCpuSecond: Math.round(counts.events / seconds),
    virtualToCpu: Math.round(counts.virtualMicros / 1e6 / seconds),
    repeated: counts.repeated,
    inconclusive: counts.inconclusive,
    cacheEngine: asked.cacheEngine,
    cachedWorlds: counts.cachedWorlds,
    cache: { ...cache, hitRatio: hitRatio(sums) },
    regions: { worlds: counts.regionWorlds, ...sums.regions },
    failures: failures.length,
    failing: failures.map((failure) => ({
      ...failure,
      repeat: repeatLine(result, failure),
      kept: result.kept.get(failure.seed) ?? null,
    })),
    fingerprint: printOf(sums),
    kinds: Object.fromEntries(FAILURE_KINDS.map((kind) => [kind, ofKind(kind)])),
    lastSeed: result.lastSeed,
    shard: `${asked.shard.index + 1}/${asked.shard.of}`,
    end: result.end,
    faults: asked.faults,
    workloads: asked.workloads,
    coverage: coverageJson(result),
    fired: faultCounts(sums),
    amplified: pointCounts(sums),
    skew: skewCounts(sums),
    corpus: result.corpus ?? { plans: 0, failing: [] },
    checked: Object.fromEntries(ORACLES.map(({ name, rules }) => [name, rules])),
    seconds: Number((result.millis / 1000).toFixed(3)),
  };
}

/** Of the questions that a cache was asked, how many it answered; three digits. */
function hitRatio({ cache: { hits, misses } }: Sums): number {
  return hits === 0 ? 0 : Number((hits / (hits + misses)).toFixed(3));
}
