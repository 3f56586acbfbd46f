/** What follows from a plan: the namespace as it is at first, and whether anything is to go wrong. */
import type { NamespaceOptions } from "kvdal";
import type { Consistency } from "kvdal/engine";
import { engineConsistency } from "kvdal/service";
import { REGIONS_CAPABILITIES } from "../backends/replicated/capabilities.ts";
import { cacheOptions } from "../faults/cache.ts";
import type { ConditionalPlan } from "../faults/conditional.ts";
import type { RegionsPlan } from "../faults/regions.ts";
import { serviceLevels } from "../faults/slow-engine.ts";
import { namespaceOptions } from "./namespace-plan.ts";
import type { Plan } from "./plan.ts";

/** The namespace of the plan, as it is at first. */
export function optionsOf({ namespace, slowEngine, cache, regions }: Plan): NamespaceOptions {
  return {
    ...namespaceOptions(namespace),
    ...(regions && { consistency: levelOf(regions) }),
    ...serviceLevels(slowEngine.levels),
    ...(cache && cacheOptions(cache)),
  };
}

/** The level that such a namespace's calls go at. */
function levelOf({ scope }: RegionsPlan): Consistency {
  const wish = { scope, target: "READ_YOUR_WRITES", regions: 2 } as const;
  const decision = engineConsistency(wish, REGIONS_CAPABILITIES);
  if (decision.kind === "refused") throw new Error(`a namespace that is ${decision.found}`);
  return decision.level;
}

/** Whether nothing is lost, cut off, held up, slow, refused or down, and no cache, no appliers and no second region are there. */
export function isCalm(plan: Plan): boolean {
  const { network, slowEngine, conditional, cache, lists, core, regions } = plan;
  const isQuiet = network.duplicatePpm === 0 && network.tailPpm === 0 && slowEngine.ppm === 0;
  return (
    isQuiet &&
    isHarmless(plan) &&
    (conditional === undefined || refusesNothing(conditional)) &&
    core === undefined &&
    cache === undefined &&
    lists === undefined &&
    regions === undefined
  );
}

/** Whether nothing is lost, cut off or down, and no node in trouble, by what is within regions; nothing is amplified. */
export function isHarmless({ network, cuts, crashes, troubles, amplified }: Plan): boolean {
  const befalls = cuts.length + crashes.length + troubles.length + amplified.length;
  return network.lossPpm === 0 && befalls === 0;
}

function refusesNothing({
  throttlePpm,
  unprocessedPpm,
  conflictPpm,
  failurePpm,
}: ConditionalPlan): boolean {
  return throttlePpm === 0 && unprocessedPpm === 0 && conflictPpm === 0 && failurePpm === 0;
}
