/** What a query's key condition says: which partition, and from where to where in it. */
import { compareBytes } from "kvdal";
import { invalid, type NativeItem } from "./document.ts";
import { type Condition, parseCondition, valueOf } from "./expression.ts";

/** Attributes that address an item. */
export const PARTITION_KEY = "pk";
/** The other one. */
export const SORT_KEY = "sk";

/** A bound; undefined for none. */
export type Bound = { readonly key: Uint8Array; readonly included: boolean } | undefined;

/** A part of one partition. */
export type KeyBounds = { readonly id: string; readonly low: Bound; readonly high: Bound };

/** Reads a key condition. Throws `ValidationException` for one that the service refuses. */
export function keyBounds(text: string, values: NativeItem): KeyBounds {
  const condition = parseCondition(text);
  const parts = condition.kind === "and" ? condition.parts : [condition];
  let id: string | undefined;
  let found: Pick<KeyBounds, "low" | "high"> | undefined;
  for (const part of parts) {
    if (part.kind === "compare" && part.name === PARTITION_KEY && part.by === "=") {
      id = valueOf(part.value, values).S;
    } else if (found === undefined) found = sortBounds(part, values);
    else throw invalid("KeyConditionExpressions must only contain one condition per key");
  }
  if (id === undefined) throw invalid("Query condition missed key schema element: pk");
  return { id, low: found?.low, high: found?.high };
}

function sortBounds(part: Condition, values: NativeItem): Pick<KeyBounds, "low" | "high"> {
  if (part.kind === "between" && part.name === SORT_KEY) {
    const [low, high] = [bytesOf(part.low, values), bytesOf(part.high, values)];
    if (compareBytes(low, high) > 0) {
      throw invalid("The BETWEEN operator requires upper bound to be >= lower bound");
    }
    return { low: { key: low, included: true }, high: { key: high, included: true } };
  }
  if (part.kind !== "compare" || part.name !== SORT_KEY || part.by === "<>") {
    throw invalid("Invalid operator used in KeyConditionExpression");
  }
  const bound = { key: bytesOf(part.value, values), included: part.by.includes("=") };
  if (part.by === "=") return { low: bound, high: bound };
  return part.by.startsWith("<")
    ? { low: undefined, high: bound }
    : { low: bound, high: undefined };
}

/** The bytes of a key in a request. */
function bytesOf(name: string, values: NativeItem): Uint8Array {
  const { B } = valueOf(name, values);
  if (B === undefined) throw invalid(`the sort key is compared with ${name}, which is not binary`);
  return B;
}
