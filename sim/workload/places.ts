/**
 * Where the records of a world are: most in one namespace, some of a world with lists in a second; of a world with
 * versions a second time, under the same ids, in the namespace of the new version, and others in a third.
 */
import type { WorldBackend } from "../backends/backend.ts";
import type { View } from "../check/history.ts";
import { OTHER_NAMESPACE } from "./lists-plan.ts";
import { EMPTY_NAMESPACE, NAMESPACE } from "./namespace-plan.ts";
import type { Plan } from "./plan.ts";

/** Names of records and of their namespaces, by number. */
export type Places = {
  readonly records: number;
  readonly idOf: (record: number) => string;
  readonly namespaceOf: (record: number) => string;
};

type Counted = Pick<Plan, "records" | "lists" | "versions">;

/** How many records a plan has, in all namespaces. */
export function recordsOf({ records, lists, versions }: Counted): number {
  if (versions !== undefined) return 2 * records + versions.others;
  return records + (lists?.others ?? 0);
}

/** The places of a plan's records on an engine. */
export function placesOf(plan: Counted, { recordId }: Pick<WorldBackend, "recordId">): Places {
  const { records, versions } = plan;
  const isNew = (record: number): boolean =>
    versions !== undefined && record >= records && record < 2 * records;
  return {
    records: recordsOf(plan),
    idOf: (record) => recordId(isNew(record) ? record - records : record),
    namespaceOf: (record) => {
      if (record < records) return NAMESPACE;
      return isNew(record) ? EMPTY_NAMESPACE : OTHER_NAMESPACE;
    },
  };
}

/** What every replica shows of each record. */
export function lookAround(
  { records, idOf, namespaceOf }: Places,
  { views }: Pick<WorldBackend, "views">,
): readonly (readonly View[])[] {
  return Array.from({ length: records }, (_, record) => views(idOf(record), namespaceOf(record)));
}
