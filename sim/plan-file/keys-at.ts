/** Which keys a schema knows at a place in a value. */
import type { z } from "zod";

/** What is looked at of a schema. */
type Schema = {
  readonly def: {
    readonly innerType?: Schema;
    readonly in?: Schema;
    readonly element?: Schema;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly options?: readonly Schema[];
    readonly values?: readonly unknown[];
  };
};

/** Follows the path through the schema, choosing among operations by the kind that stands there. */
export function keysAt(
  whole: z.ZodType,
  path: readonly string[],
  value: unknown,
): readonly string[] {
  let schema = unwrapped(whole as unknown as Schema, value);
  let here = value;
  for (const step of path) {
    here = stepInto(here, step);
    const inside = schema.def.element ?? schema.def.shape?.[step];
    if (inside === undefined) return [];
    schema = unwrapped(inside, here);
  }
  return Object.keys(schema.def.shape ?? {});
}

/** What is under a key, or at a place of a list; undefined where there is nothing. */
export function stepInto(value: unknown, step: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[step]
    : undefined;
}

function unwrapped(schema: Schema, value: unknown): Schema {
  const { innerType, in: before, options } = schema.def;
  const inner = innerType ?? before;
  if (inner !== undefined) return unwrapped(inner, value);
  const kind = stepInto(value, "kind");
  const chosen = options?.find((one) => one.def.shape?.["kind"]?.def.values?.includes(kind));
  return chosen ?? schema;
}
