/** From the text of a plan file to what it holds, or to its flaws. */
import { z } from "zod";
import { type KeptPlan, PLAN_FILE_VERSION } from "./kept-plan.ts";
import { orNone, whole } from "./numbers.ts";
import { keysAt, stepInto } from "./keys-at.ts";
import { type PlanFlaw, planFlaws } from "./plan-flaw.ts";
import { planSchema } from "./plan-schema.ts";

/** What became of a text. */
export type PlanFileReading =
  | { readonly kind: "ok"; readonly kept: KeptPlan }
  | { readonly kind: "flawed"; readonly flaws: readonly PlanFlaw[] };

const heading = z.object({
  format: z.literal("kvdal-plan", '"kvdal-plan": a file that kvdal sim --keep writes'),
  version: z.literal(
    PLAN_FILE_VERSION,
    `${PLAN_FILE_VERSION}, the version that this program reads`,
  ),
});

const file = z.strictObject({
  format: z.string(),
  version: z.number(),
  failure: z.strictObject({
    rule: z.string(),
    what: z.string(),
    operations: z.array(whole(0)),
    also: z.array(z.string()),
  }),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"),
  engine: z.string(),
  cache: orNone(z.string()),
  mutant: orNone(z.string()),
  code: z.string(),
  reason: z.string(),
  plan: planSchema,
});

/** Reads the text of a plan file. */
export function decodePlanFile(text: string): PlanFileReading {
  if (text.trim() === "") return noPlanFile("empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return noPlanFile(`no JSON (${(error as Error).message})`);
  }
  const headed = heading.safeParse(value);
  if (!headed.success) return flawsOf(headed.error, value);
  const read = file.safeParse(value);
  if (!read.success) return flawsOf(read.error, value);
  const { format: _format, version: _version, ...kept } = read.data;
  const flaws = planFlaws(kept.plan);
  return flaws.length === 0 ? { kind: "ok", kept } : { kind: "flawed", flaws };
}

function noPlanFile(found: string): PlanFileReading {
  return { kind: "flawed", flaws: [{ path: "", found, wanted: "a plan file" }] };
}

/** All flaws that a schema found. */
function flawsOf(error: z.ZodError, value: unknown): PlanFileReading {
  return { kind: "flawed", flaws: error.issues.flatMap((issue) => issueFlaws(issue, value)) };
}

/** Of unknown keys one each. */
function issueFlaws(issue: z.core.$ZodIssue, value: unknown): readonly PlanFlaw[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(file, path, value);
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
