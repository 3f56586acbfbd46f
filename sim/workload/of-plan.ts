/** What follows from a plan: the namespace as it is at first, and whether anything is to go wrong. */
import type { NamespaceOptions } from "kvdal";
import { cacheOptions } from "../faults/cache.ts";
import type { ConditionalPlan } from "../faults/conditional.ts";
import { serviceLevels } from "../faults/slow-engine.ts";
import { namespaceOptions } from "./namespace-plan.ts";
import type { Plan } from "./plan.ts";

/** The namespace of the plan, as it is at first. */
export function optionsOf({ namespace, slowEngine, cache }: Plan): NamespaceOptions {
  return {
    ...namespaceOptions(namespace),
    ...serviceLevels(slowEngine.levels),
    ...(cache && cacheOptions(cache)),
  };
}

/** Whether nothing is lost, cut off, held up, slow, refused or down, and no cache and no appliers are there. */
export function isCalm(plan: Plan): boolean {
  const { network, cuts, crashes, slowEngine, conditional, cache, lists, troubles, core } = plan;
  const { amplified } = plan;
  const { lossPpm, duplicatePpm, tailPpm } = network;
  const isQuiet = lossPpm === 0 && duplicatePpm === 0 && tailPpm === 0 && slowEngine.ppm === 0;
  return (
    isQuiet &&
    (conditional === undefined || refusesNothing(conditional)) &&
    cuts.length === 0 &&
    crashes.length === 0 &&
    troubles.length === 0 &&
    amplified.length === 0 &&
    core === undefined &&
    cache === undefined &&
    lists === undefined
  );
}

function refusesNothing({
  throttlePpm,
  unprocessedPpm,
  conflictPpm,
  failurePpm,
}: ConditionalPlan): boolean {
  return throttlePpm === 0 && unprocessedPpm === 0 && conflictPpm === 0 && failurePpm === 0;
}
