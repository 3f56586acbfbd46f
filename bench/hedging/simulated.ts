/** One slow replica of three, in the simulator: virtual time, exact on any machine. */
import { MILLISECOND, SECOND } from "kvdal";
import { type LoadPlan, runLoad, type StationPlan } from "kvdal/sim";
import { figuresOf, type HedgingFigures } from "./figures.ts";

/** How the slow one is slow. */
export type Slowness = {
  readonly name: string;
  readonly caps: readonly number[];
  readonly slow: StationPlan;
};

/** Calls that a replica works on at a time: enough that none of them waits for another. */
const WORKERS = 64;
const QUICK: StationPlan = { workers: WORKERS, micros: (n) => 800 + ((n * 7919) % 400) };

/** The two that are looked at. A share of hedges helps as long as no more calls than that are slow. */
export const SLOWNESSES: readonly Slowness[] = [
  {
    name: "one of three takes 50 ms for every tenth call",
    caps: [0, 0.05],
    slow: { workers: WORKERS, micros: (n) => (n % 10 === 0 ? 50 * MILLISECOND : QUICK.micros(n)) },
  },
  {
    name: "one of three takes 50 ms for every call",
    caps: [0, 0.05, 0.4],
    slow: { workers: WORKERS, micros: () => 50 * MILLISECOND },
  },
];

/** Runs the same calls under this cap. */
export async function simulatedHedging(
  { slow }: Slowness,
  cap: number,
  calls: number,
): Promise<HedgingFigures> {
  const perSecond = 500;
  const levels = { target: 5 * MILLISECOND, max: SECOND };
  const plan: LoadPlan = {
    seed: 1,
    clients: 4,
    limits: { hedgeShare: cap },
    stations: [QUICK, QUICK, slow],
    requestsMax: Number.POSITIVE_INFINITY,
    slo: { read: levels, write: levels },
    phases: [{ until: (calls / perSecond) * SECOND, perSecond }],
  };
  const { calls: done, requests, telemetry } = await runLoad(plan);
  return figuresOf(
    done.map(({ took }) => took),
    {
      cap,
      calls: done.length,
      failed: done.filter(({ isAnswered }) => !isAnswered).length,
      hedges: telemetry.counter("hedges"),
      hedgesWon: telemetry.counter("hedges_won"),
      extraRequests: requests - done.length,
    },
  );
}
