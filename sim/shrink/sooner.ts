/** Lets a plan begin without the time in which nothing of it happens yet. */
import type { Micros } from "kvdal";
import type { Plan } from "../workload/plan.ts";

/** Everything that has a time, earlier by as much as the first of the clients waits; undefined where that is nothing. */
export function sooner(plan: Plan): Plan | undefined {
  const first = plan.operations.flatMap(([operation]) => (operation ? [operation.think] : []));
  const by = Math.min(...first);
  if (!Number.isFinite(by) || by <= 0) return undefined;
  const at = (time: Micros): Micros => Math.max(0, time - by);
  const turn = <T extends { readonly at: Micros }>(each: T): T => ({ ...each, at: at(each.at) });
  const span = <T extends { readonly at: Micros; readonly until: Micros }>(each: T): T => ({
    ...each,
    at: at(each.at),
    until: at(each.until),
  });
  const { slowEngine, cache, lists, namespace, regions } = plan;
  return {
    ...plan,
    operations: plan.operations.map(([operation, ...rest]) =>
      operation === undefined ? [] : [{ ...operation, think: operation.think - by }, ...rest],
    ),
    namespace: { ...namespace, cleanUps: namespace.cleanUps.map(turn) },
    cuts: plan.cuts.map((cut) => ({ ...cut, from: at(cut.from), until: at(cut.until) })),
    crashes: plan.crashes.map(span),
    troubles: plan.troubles.map(span),
    slowEngine: { ...slowEngine, change: turn(slowEngine.change) },
    flips: plan.flips.map(turn),
    cache: cache && {
      ...cache,
      flushes: cache.flushes.map(at),
      away: cache.away.map(span),
      cutOff: cache.cutOff.map(span),
    },
    ...(regions && {
      regions: {
        ...regions,
        cuts: regions.cuts.map(span),
        failovers: regions.failovers.map(span),
      },
    }),
    lists: lists && { ...lists, rounds: lists.rounds.map(turn), doomedAt: lists.doomedAt.map(at) },
    healAt: at(plan.healAt),
  };
}
