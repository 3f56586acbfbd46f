/** Where the records of a world are: most in one namespace, some of a world with lists in a second. */
import type { WorldBackend } from "../backends/backend.ts";
import { OTHER_NAMESPACE } from "./lists-plan.ts";
import { NAMESPACE } from "./namespace-plan.ts";
import type { Plan } from "./plan.ts";

/** Names of records and of their namespaces, by number. */
export type Places = {
  readonly records: number;
  readonly idOf: (record: number) => string;
  readonly namespaceOf: (record: number) => string;
};

/** The places of a plan's records on an engine. */
export function placesOf(
  { records, lists }: Pick<Plan, "records" | "lists">,
  { recordId }: Pick<WorldBackend, "recordId">,
): Places {
  return {
    records: records + (lists?.others ?? 0),
    idOf: recordId,
    namespaceOf: (record) => (record < records ? NAMESPACE : OTHER_NAMESPACE),
  };
}
