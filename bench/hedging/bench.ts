/**
 * Hedges with one slow replica of three: latencies with and without, and the requests that they cost. In the simulator
 * in virtual time, and on three Cassandra nodes of which one stands still for a while, again and again.
 */
import { chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { type Spread, spreadOf } from "../report.ts";
import { figuresLine, type HedgingFigures } from "./figures.ts";
import { CLUSTER_VERBS, type ClusterVerb, hedgingCluster } from "./on-cluster.ts";
import { simulatedHedging, SLOWNESSES } from "./simulated.ts";

/** Where it is measured. */
export const HEDGING_ENGINES: readonly string[] = ["simulated", "cassandra"];

/** One way of being slow, under each cap. */
export type SimulatedResult = { readonly name: string; readonly runs: readonly HedgingFigures[] };

/** One cap for one verb on the cluster: runs with and without take turns. */
export type ClusterResult = {
  readonly verb: ClusterVerb;
  readonly cap: number;
  readonly p99: Spread;
  readonly runs: readonly HedgingFigures[];
};

/** The report; what was not asked for, or not chosen by the filter, is left out. */
export type HedgingReport = BenchPlace & {
  readonly simulated?: readonly SimulatedResult[];
  readonly cassandra?: readonly ClusterResult[] | { readonly skipped: string } | undefined;
};

/** Runs it. */
export async function runHedgingBench(options: BenchOptions): Promise<HedgingReport | undefined> {
  const chosen = chosenEngines(HEDGING_ENGINES, options.engines);
  const names = chosen.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  return {
    ...benchPlace(),
    ...(names.includes("simulated") ? { simulated: await inSimulator(options) } : {}),
    ...(names.includes("cassandra") ? { cassandra: await onCluster(options) } : {}),
  };
}

async function inSimulator({ quick, say }: BenchOptions): Promise<readonly SimulatedResult[]> {
  const results: SimulatedResult[] = [];
  for (const slowness of SLOWNESSES) {
    const runs: HedgingFigures[] = [];
    for (const cap of slowness.caps) {
      const figures = await simulatedHedging(slowness, cap, quick ? 2_000 : 50_000);
      runs.push(figures);
      say(figuresLine(`simulated, ${slowness.name}`, figures));
    }
    results.push({ name: slowness.name, runs });
  }
  return results;
}

async function onCluster({ quick, say }: BenchOptions): Promise<HedgingReport["cassandra"]> {
  const cluster = await hedgingCluster();
  if (typeof cluster === "string") {
    say(`cassandra: skipped, ${cluster}`);
    return { skipped: cluster };
  }
  const size = { seconds: quick ? 2 : 12, perSecond: 100 };
  const wishes = CLUSTER_VERBS.flatMap((verb) => [0, 0.1].map((cap) => ({ verb, cap })));
  const runs = wishes.map(() => [] as HedgingFigures[]);
  try {
    // Connections, statements and code are new in the first.
    for (const verb of CLUSTER_VERBS) await cluster.measure(0, { ...size, verb, seconds: 3 });
    for (let round = 0; round < (quick ? 2 : 4); round += 1) {
      for (const [i, { verb, cap }] of wishes.entries()) {
        const figures = await cluster.measure(cap, { ...size, verb });
        runs[i]?.push(figures);
        say(figuresLine(`cassandra, ${verb}`, figures));
      }
    }
  } finally {
    await cluster.end();
  }
  return wishes.map(({ verb, cap }, i) => {
    const own = runs[i] ?? [];
    return { verb, cap, p99: spreadOf(own.map(({ p99 }) => p99)), runs: own };
  });
}
