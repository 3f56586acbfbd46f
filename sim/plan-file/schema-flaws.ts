/** What a schema finds wrong with a value, flaw by flaw: where, what stands there, what is wanted. */
import type { z } from "zod";
import { keysAt, stepInto } from "./keys-at.ts";
import type { PlanFlaw } from "./plan-flaw.ts";

/** All flaws that the schema found in the value; of unknown keys one each. */
export function schemaFlaws(error: z.ZodError, schema: z.ZodType, value: unknown): PlanFlaw[] {
  return error.issues.flatMap((issue) => issueFlaws(issue, schema, value));
}

function issueFlaws(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
): readonly PlanFlaw[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path, value);
    return issue.keys.map((key) => ({
      path: spelled([...path, key]),
      found: "an unknown key",
      wanted: "none but those that are known there",
      known,
    }));
  }
  const found = shown(path.reduce<unknown>(stepInto, value));
  return [{ path: spelled(path), found, wanted: wantedOf(issue) }];
}

/** What our own schemas want, they say; of the others it follows from what they refuse. */
function wantedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    return issue.expected === "array" ? "a list" : `a value of kind ${issue.expected}`;
  }
  if (issue.code === "invalid_value" && issue.values.length > 1) {
    return `one of ${issue.values.join(", ")}`;
  }
  if (issue.code === "invalid_union") return "one of the kinds that there are";
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return issue.message;
}

/** `plan.operations[0][3].think`. */
function spelled(path: readonly string[]): string {
  return path
    .map((step, i) => (/^\d+$/.test(step) ? `[${step}]` : i > 0 ? `.${step}` : step))
    .join("");
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
