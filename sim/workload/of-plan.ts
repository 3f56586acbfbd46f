/** What follows from a plan: the namespace as it is at first, and how everything is read back in the end. */
import type { NamespaceOptions } from "kvdal";
import { cacheOptions } from "../faults/cache.ts";
import { serviceLevels } from "../faults/slow-engine.ts";
import { namespaceOptions } from "./namespace-plan.ts";
import type { Operation } from "./operation.ts";
import type { Plan } from "./plan.ts";

/** The namespace of the plan, as it is at first. */
export function optionsOf({ namespace, slowEngine, cache }: Plan): NamespaceOptions {
  return {
    ...namespaceOptions(namespace),
    ...serviceLevels(slowEngine.levels),
    ...(cache && cacheOptions(cache)),
  };
}

/** One read of each record, whole, numbered from `first` on. */
export function readBackOperations(plan: Plan, first: number): readonly Operation[] {
  return Array.from({ length: plan.records }, (_, record) => ({
    index: first + record,
    think: 0,
    giveUp: 0,
    record,
    kind: "page" as const,
    from: 0,
    to: plan.keys.length,
    pageBytes: 4_096,
    itemLimit: 0,
    reverse: false,
    byAlias: false,
  }));
}
