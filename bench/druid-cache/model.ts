/** Dashboards over an interval cache, in virtual time: what is assumed of them, and the runs that are compared. */
import { MINUTE, SECOND } from "kvdal";
import { type DashboardQuery, type DashboardsPlan, runDashboards } from "kvdal/sim";

/** What is looked at: so many viewers of one dashboard, and so many of a thousand queries that nobody asks twice. */
export type Audience = { readonly name: string; readonly viewers: number; readonly oneOff: number };

/** Viewers of one dashboard decide how many queries need no source at all; one-off queries, how many hit at all. */
export const AUDIENCES: readonly Audience[] = [
  { name: "1 viewer", viewers: 1, oneOff: 0 },
  { name: "2 viewers", viewers: 2, oneOff: 0 },
  { name: "3 viewers", viewers: 3, oneOff: 0 },
  { name: "30 viewers", viewers: 30, oneOff: 0 },
  { name: "2 viewers, 18 % of queries one-off", viewers: 2, oneOff: 180 },
  { name: "3 viewers, 18 % of queries one-off", viewers: 3, oneOff: 180 },
];

/** What the model takes for granted where nothing is published. */
export const ASSUMPTIONS: readonly string[] = [
  "a dashboard of 8 queries in place of 64, which differ in nothing that matters here; 3 h by the minute, every 10 s, as published",
  "how many watch one dashboard at a time is published for one of them (30), not for the fleet, and decides how many queries need no Druid",
  "one-off queries: 18 % where there are any, so that as many hit as published, by construction; that share is not published",
  "Druid takes 200 ms, and 800 ms in proportion to the interval asked for, times 0.5 to 2: not published, and -66 % depends on it",
  "the store answers in 0.5 to 6.3 ms, by the capacity planner's latency class (1, 3 and 6 ms), over links of 0.1 to 0.4 ms",
];

const BUCKETS = 180;
const FIXED = 0.2 * SECOND;
const BY_INTERVAL = 0.8 * SECOND;

/** The store's times: low, middle and high of the planner's class at the 10th, 50th and 95th hundredth. */
function engineMicros(n: number): number {
  const draw = mixed(n, 1);
  if (draw < 0.5) return 500 + 5_000 * draw;
  return 3_000 + (3_000 / 0.45) * (draw - 0.5);
}

/** Half to twice of what the interval takes, evenly over the logarithm. */
function sourceMicros(n: number, buckets: number): number {
  return Math.round((FIXED + (BY_INTERVAL * buckets) / BUCKETS) * 2 ** (2 * mixed(n, 2) - 1));
}

/** Below 1, another for each number, the same on any machine. */
function mixed(n: number, purpose: number): number {
  const hash = Math.imul(Math.imul(n, 0x9e3779b1) ^ (n >>> 7) ^ purpose, 0x85ebca6b);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** The queries of an audience, with and without a cache. */
export async function askedBy(
  { viewers, oneOff }: Audience,
  isCached: boolean,
  minutes: number,
): Promise<readonly DashboardQuery[]> {
  const plan: DashboardsPlan = {
    seed: 1,
    viewers,
    queries: 8,
    refresh: 10 * SECOND,
    buckets: BUCKETS,
    oneOffPerMille: oneOff,
    // Everything is new at first.
    from: MINUTE,
    until: (1 + minutes) * MINUTE,
    isCached,
    engineMicros: (n) => Math.round(engineMicros(n)),
    sourceMicros,
  };
  return await runDashboards(plan);
}
