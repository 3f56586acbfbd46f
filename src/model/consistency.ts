/** How much agreement is asked for: as a namespace says it, and as an engine is told (CONS-1, CONS-3). */

/**
 * What every call tells the engine. Elsewhere is any region but the one that acknowledged; a failover is that callers of
 * a lost region go on in another.
 */
export type Consistency =
  /**
   * One copy acknowledges, one answers: a read may lag behind writes that were acknowledged, elsewhere as here. A
   * failover loses what has not arrived, for good where the lost region never comes back.
   */
  | "eventual"
  /**
   * Whatever was acknowledged at this level in the caller's region, later reads at this level there see. It is sent
   * elsewhere at once and not waited for: a reader there may see older writes, or, of one that is on its way, some items
   * and not others. A failover loses what has not arrived, as at `eventual`.
   */
  | "quorum"
  /**
   * As `quorum`, in all regions at once: a majority of all copies acknowledges, and answers. Readers elsewhere see
   * nothing older, a failover loses nothing, and both need a majority of all copies: two equal regions stop with either.
   */
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

/**
 * How far a namespace's target reaches: among callers of one region, or of all. `regions` of its storage say whether there
 * are several; only an engine that declares `global_quorum` carries a write from one to another, and on any other LOCAL
 * namespaces of several regions are a store for each.
 */
export type ConsistencyScope = "LOCAL" | "GLOBAL";

/** What a namespace's callers may count on. */
export type ConsistencyTarget = "EVENTUAL" | "READ_YOUR_WRITES";
