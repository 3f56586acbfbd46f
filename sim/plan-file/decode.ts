/** From the text of a plan file to what it holds, or to its flaws. */
import { z } from "zod";
import { type KeptPlan, PLAN_FILE_VERSION } from "./kept-plan.ts";
import { orNone, whole } from "./numbers.ts";
import { type PlanFlaw, planFlaws } from "./plan-flaw.ts";
import { planSchema } from "./plan-schema.ts";
import { schemaFlaws } from "./schema-flaws.ts";

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

/** All flaws that the schema found. */
function flawsOf(error: z.ZodError, value: unknown): PlanFileReading {
  return { kind: "flawed", flaws: schemaFlaws(error, file, value) };
}
