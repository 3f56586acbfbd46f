/** How much agreement is asked for: as a namespace says it, and as an engine is told (CONS-1). */

/** What every call tells the engine. */
export type Consistency =
  /** One copy acknowledges, one answers: a read may lag behind writes that were acknowledged. */
  | "eventual"
  /** Whatever was acknowledged at this level in the caller's region, later reads at this level there see. */
  | "quorum"
  /** As `quorum`, in all regions at once. */
  | "global_quorum";

/** What a call may tell the engine beyond what namespaces ask for. */
export type EngineConsistency =
  | Consistency
  /**
   * For reads by those who remove what nothing refers to: every copy answers, and copies that differ are made equal
   * first, so that no later read finds what this one did not. An engine whose copies never differ, or that has one,
   * takes it for the strongest that it has.
   */
  | "all";

/** Every level of namespaces, the weakest first. */
export const CONSISTENCIES: readonly Consistency[] = ["eventual", "quorum", "global_quorum"];

/** How far a namespace's target reaches: among callers of one region, or of all. */
export type ConsistencyScope = "LOCAL" | "GLOBAL";

/** What a namespace's callers may count on. */
export type ConsistencyTarget = "EVENTUAL" | "READ_YOUR_WRITES";
