/** What follows from a plan: the namespace as it is at first. */
import type { NamespaceOptions } from "kvdal";
import { cacheOptions } from "../faults/cache.ts";
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
