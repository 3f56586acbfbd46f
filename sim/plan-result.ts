/** What is known of a world once it is over. */
import type { Micros } from "kvdal";
import type { PointCounts } from "./amplify/amplifier.ts";
import type { CacheCounters } from "./backends/cache/create.ts";
import type { SkewUse, Verdict } from "./check/index.ts";
import type { FaultTally } from "./faults/tally.ts";
import type { LogSteps } from "./world/log-watch.ts";
import type { NetworkCounters } from "./world/network.ts";
import type { RegionCounters } from "./regions-run.ts";
import type { OutcomeCounters } from "./workload/recorder.ts";

/** What a run came to. */
export type PlanResult = {
  readonly seed: number;
  /** 16 hexadecimal digits over every event and every answer. */
  readonly fingerprint: string;
  readonly events: number;
  /** Logical client calls: attempts, pages and engine calls not counted. */
  readonly operations: number;
  readonly virtualMicros: Micros;
  readonly outcomes: OutcomeCounters;
  readonly cache: CacheCounters;
  readonly network: NetworkCounters;
  readonly crashes: number;
  readonly skew: SkewUse;
  /** What failovers cost; undefined in a world of one region. */
  readonly regions: RegionCounters | undefined;
  /** How often each kind of fault fired, and mattered. */
  readonly faults: FaultTally;
  /** How often each amplification point was come by, and fired. */
  readonly amplified: PointCounts;
  /** How often each step of the log was come to, and how often a server ended there; empty without lists. */
  readonly logSteps: LogSteps;
  /** Calls that a fault touched, by cell of the matrix of fault, verb and outcome. */
  readonly touches: Uint32Array;
  /** It came to its end, and every question was answered then. */
  readonly isLive: boolean;
  readonly violation: Verdict | undefined;
  /** Why the run proves nothing; only over real engines. */
  readonly inconclusive: string | undefined;
};
