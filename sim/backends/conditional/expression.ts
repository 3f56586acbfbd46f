/** Expressions of DynamoDB: conditions of writes, and the key conditions of queries, from their text. */
import { compareBytes } from "kvdal";
import { invalid, type NativeItem, type NativeValue } from "./document.ts";

/** A parsed condition. `value` names one of the request's values. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | { readonly kind: "exists"; readonly name: string; readonly wanted: boolean }
  | {
      readonly kind: "compare";
      readonly name: string;
      readonly by: Comparator;
      readonly value: string;
    }
  | {
      readonly kind: "between";
      readonly name: string;
      readonly low: string;
      readonly high: string;
    };

/** How two values are compared. */
export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

const COMPARATORS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const parsed = new Map<string, Condition>();

/** The condition that a text says; the same texts come again and again. */
export function parseCondition(text: string): Condition {
  let condition = parsed.get(text);
  if (condition === undefined) {
    condition = new Parser(text).whole();
    parsed.set(text, condition);
  }
  return condition;
}

/** Whether the condition holds of an item, or of none. */
export function holds(
  condition: Condition,
  item: NativeItem | undefined,
  values: NativeItem,
): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => holds(part, item, values));
    case "or":
      return condition.parts.some((part) => holds(part, item, values));
    case "not":
      return !holds(condition.part, item, values);
    case "exists":
      return (item?.[condition.name] !== undefined) === condition.wanted;
    case "compare":
      return isTrue(condition.by, item?.[condition.name], valueOf(condition.value, values));
    case "between": {
      const found = item?.[condition.name];
      const [low, high] = [valueOf(condition.low, values), valueOf(condition.high, values)];
      return isTrue(">=", found, low) && isTrue("<=", found, high);
    }
    default:
      throw condition satisfies never;
  }
}

/** The value that a request gives this name. */
export function valueOf(name: string, values: NativeItem): NativeValue {
  const value = values[name];
  if (value === undefined) throw invalid(`the expression uses ${name}, which is not defined`);
  return value;
}

/** Values of different types, or none at all, fulfil no comparison but inequality. */
function isTrue(by: Comparator, found: NativeValue | undefined, wanted: NativeValue): boolean {
  const order = found === undefined ? undefined : compareValues(found, wanted);
  if (order === undefined) return by === "<>";
  switch (by) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      throw by satisfies never;
  }
}

/** The order of two values of one type: bytes unsigned, numbers by value. */
function compareValues(a: NativeValue, b: NativeValue): number | undefined {
  if (a.B !== undefined && b.B !== undefined) return compareBytes(a.B, b.B);
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N);
  if (a.S !== undefined && b.S !== undefined) return a.S < b.S ? -1 : a.S === b.S ? 0 : 1;
  return undefined;
}

/** A parser of one text: or, and, not, then what is compared. */
class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = text.match(/[:A-Za-z_]\w*|<=|>=|<>|[=<>(),]/g) ?? [];
  }

  whole(): Condition {
    const condition = this.#any();
    if (this.#at < this.#tokens.length) throw this.#flaw();
    return condition;
  }

  #any(): Condition {
    return this.#chain("or", () => this.#chain("and", () => this.#one()));
  }

  #chain(kind: "and" | "or", next: () => Condition): Condition {
    const parts = [next()];
    while (this.#takes(kind.toUpperCase())) parts.push(next());
    return parts.length === 1 ? (parts[0] as Condition) : { kind, parts };
  }

  #one(): Condition {
    if (this.#takes("NOT")) return { kind: "not", part: this.#one() };
    if (this.#takes("(")) {
      const inner = this.#any();
      this.#must(")");
      return inner;
    }
    const name = this.#next();
    if (name === "attribute_exists" || name === "attribute_not_exists") {
      this.#must("(");
      const of = this.#next();
      this.#must(")");
      return { kind: "exists", name: of, wanted: name === "attribute_exists" };
    }
    if (this.#takes("BETWEEN")) {
      const low = this.#next();
      this.#must("AND");
      return { kind: "between", name, low, high: this.#next() };
    }
    const by = this.#next();
    if (!COMPARATORS.has(by)) throw this.#flaw();
    return { kind: "compare", name, by: by as Comparator, value: this.#next() };
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #must(token: string): void {
    if (!this.#takes(token)) throw this.#flaw();
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#flaw();
    this.#at += 1;
    return token;
  }

  #flaw(): Error {
    return invalid(`no expression is "${this.#text}", at its part ${this.#at + 1}`);
  }
}
