/** What a consumer's workload is: what it reads and writes, over how many nodes, and what it relies on beyond the rules. */
import type { History, Violation } from "../../check/history.ts";
import type { KeyedRandom } from "../../world/keyed-random.ts";
import type { VersionsHistory } from "../../versions-run.ts";
import type { Plan, Topology } from "../plan.ts";

/** The names of all of them. */
export const WORKLOAD_NAMES = [
  "streaming-metadata",
  "user-profiles",
  "pushy-registry",
  "bulldozer",
  "concurrent-devices",
  "druid-cache",
] as const;

/** The name of a workload. */
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** A world of a workload, once it is over. */
export type ConsumerView = {
  readonly plan: Plan;
  readonly history: History;
  readonly versions: VersionsHistory | undefined;
};

/** A consumer and its workload, at the scale of a world of about 300 calls. */
export type Consumer = {
  readonly name: WorkloadName;
  /** In one line, for lists. */
  readonly line: string;
  /** Whether all of its worlds have a cache; of the others some have one, as of all worlds. */
  readonly isCached: boolean;
  /** Its nodes: engines, and how long worlds over them are, are as given. */
  readonly topologyFrom: (given: Topology) => Topology;
  /** What of a plan is other than drawn, of that topology; its faults stay, and it has neither lists nor flips. */
  readonly shape: (drawn: Plan, random: KeyedRandom) => Partial<Plan>;
  /** What is wrong by the consumer's own measure, whatever the oracles say. */
  readonly check: (view: ConsumerView) => Violation | undefined;
};
