/** Which level an engine is told for what a namespace asks, or that it cannot give it (CONS-1, CONS-3). */
import type { Consistency, ConsistencyScope, ConsistencyTarget } from "../model/consistency.ts";

/** What a namespace asks for. */
export type ConsistencyWish = {
  readonly scope: ConsistencyScope;
  readonly target: ConsistencyTarget;
  /** How many regions its data are in; 0 when it names none. */
  readonly regions: number;
};

/** The decision. A refusal says what was found and what is wanted instead. */
export type ConsistencyDecision =
  | { readonly kind: "level"; readonly level: Consistency }
  | { readonly kind: "refused"; readonly found: string; readonly wanted: string };

/** One row: the level of every call, and the level that the engine must declare for it to mean anything. */
export type ConsistencyRow = { readonly level: Consistency; readonly needs: Consistency };

/**
 * The table. An engine that declares `global_quorum` reaches all regions of its data, and only such an engine carries
 * a write on to another region at all: GLOBAL means nothing on any other, not even EVENTUAL. What a level means where it
 * is acknowledged, elsewhere and after a failover, `Consistency` says; SPEC has the table of it by engine (CONS-3).
 * DynamoDB's global tables are not used: they would carry writes on, the last to arrive in each region winning by its
 * own clock and not by token, so that neither CONS-2 nor a condition on versions would hold across regions.
 */
export const CONSISTENCY_TABLE: Readonly<
  Record<ConsistencyScope, Readonly<Record<ConsistencyTarget, ConsistencyRow>>>
> = {
  LOCAL: {
    EVENTUAL: { level: "eventual", needs: "eventual" },
    READ_YOUR_WRITES: { level: "quorum", needs: "quorum" },
  },
  GLOBAL: {
    EVENTUAL: { level: "eventual", needs: "global_quorum" },
    READ_YOUR_WRITES: { level: "global_quorum", needs: "global_quorum" },
  },
};

/** The level for `wish` on an engine that declares these. Within one region both scopes are the same. */
export function engineConsistency(
  wish: ConsistencyWish,
  engine: { readonly engine: string; readonly consistency: readonly Consistency[] },
): ConsistencyDecision {
  const { scope, target, regions } = wish;
  const { level, needs } = CONSISTENCY_TABLE[regions > 1 ? scope : "LOCAL"][target];
  if (engine.consistency.includes(needs)) return { kind: "level", level };
  return {
    kind: "refused",
    found: regions > 1 ? `${scope} ${target} over ${regions} regions` : `${scope} ${target}`,
    wanted: `what ${engine.engine} can give: ${given(regions, engine.consistency).join(", ")}`,
  };
}

/** Everything that an engine of these levels gives, in the words of a namespace. */
function given(regions: number, levels: readonly Consistency[]): readonly string[] {
  const scopes: readonly ConsistencyScope[] = regions > 1 ? ["LOCAL", "GLOBAL"] : ["LOCAL"];
  return scopes.flatMap((scope) =>
    (["EVENTUAL", "READ_YOUR_WRITES"] as const)
      .filter((target) => levels.includes(CONSISTENCY_TABLE[scope][target].needs))
      .map((target) => `${scope} ${target}`),
  );
}
