/** What operations could be simpler in, each as a part that the plan can do without. */
import type { Operation } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";
import { changeOperation } from "./fault-parts.ts";
import type { Part } from "./part.ts";

/** Pages that hold all of a record. */
const PAGE_BYTES = 4_096;
const VALUE_BYTES_MIN = 4;

/** Every detail of its operations that could be simpler. */
export function detailParts(plan: Plan): readonly Part[] {
  const { operations } = plan;
  return operations
    .flat()
    .flatMap((operation) => [
      ...commonDetails(operation),
      ...detailsOf(operation, plan.keys.length),
    ]);
}

/** A detail of one operation; `simpler` may be applied to a form of it that is simpler elsewhere. */
function detail(
  { index }: Operation,
  says: string,
  simpler: (operation: Operation) => Operation,
): Part {
  return {
    kind: "detail",
    says: `${says} of operation ${index}`,
    without: (plan) => changeOperation(plan, index, simpler),
  };
}

function commonDetails(operation: Operation): readonly Part[] {
  const { think, kind, record } = operation;
  const isPlain = kind !== "list" && kind !== "status" && kind !== "scan";
  return [
    ...(think > 0 ? [thinkTime(operation)] : []),
    ...(isPlain && record > 0
      ? [detail(operation, "the record", (left) => ({ ...left, record: 0 }))]
      : []),
  ];
}

function thinkTime(operation: Operation): Part {
  const part = detail(operation, "the think time", (left) => ({ ...left, think: 0 }));
  return { ...part, isWhen: true };
}

/** Fields that have a plain value, and what it is that they say where they say something else. */
const FIELDS: Readonly<Record<string, string>> = {
  ttl: "the expiry",
  from: "the lower bound",
  to: "the upper bound",
  itemLimit: "the item limit",
  reverse: "the reverse order",
  byAlias: "the alias",
  pageBytes: "the small pages",
  segments: "the several segments",
  concurrency: "the concurrency",
  stops: "the stops (giving up, and going on from the checkpoint)",
  pause: "the pauses between pages",
};

/** Fields that have a plain value, as parts. */
function plainer<K extends Operation["kind"]>(
  operation: Extract<Operation, { kind: K }>,
  plain: Partial<Extract<Operation, { kind: K }>>,
): readonly Part[] {
  const fields = Object.entries(plain) as [keyof typeof plain & string, unknown][];
  return fields.flatMap(([name, value]) =>
    JSON.stringify(operation[name]) === JSON.stringify(value)
      ? []
      : [detail(operation, FIELDS[name] ?? name, (left) => ({ ...left, [name]: value }))],
  );
}

function detailsOf(operation: Operation, keyCount: number): readonly Part[] {
  switch (operation.kind) {
    case "put":
      return [...plainer(operation, { ttl: 0 }), ...itemDetails(operation)];
    case "get":
    case "delete_keys":
      return keyDetails(operation);
    case "page": {
      const { pageBytes } = operation;
      const whole = { from: 0, to: keyCount, itemLimit: 0, reverse: false, byAlias: false };
      const long = pageBytes < PAGE_BYTES ? { pageBytes: PAGE_BYTES } : {};
      return plainer(operation, { ...whole, ...long });
    }
    case "scan": {
      const { pageBytes } = operation;
      const plain = { segments: 1, concurrency: 1, stops: [], pause: 0, byAlias: false };
      const long = pageBytes < PAGE_BYTES ? { pageBytes: PAGE_BYTES } : {};
      return plainer(operation, { ...plain, ...long });
    }
    case "list":
      return mutationDetails(operation);
    case "delete_range":
    case "delete_record":
    case "status":
      return [];
    default:
      throw operation satisfies never;
  }
}

/** Of several the first that is left stays: an operation is about something. */
function fewer<T>(elements: readonly T[], isLeft: (element: T) => boolean): readonly T[] {
  const left = elements.filter(isLeft);
  return left.length === 0 ? elements : left;
}

function itemDetails(operation: Extract<Operation, { kind: "put" }>): readonly Part[] {
  const { items } = operation;
  const change = (says: string, to: (left: typeof items) => typeof items): Part =>
    detail(operation, says, (left) =>
      left.kind === "put" ? { ...left, items: to(left.items) } : left,
    );
  const shorter = items
    .filter(({ bytes }) => bytes > VALUE_BYTES_MIN)
    .map(({ key }) =>
      change(`the long value of key ${key}`, (left) =>
        left.map((item) => (item.key === key ? { ...item, bytes: VALUE_BYTES_MIN } : item)),
      ),
    );
  const gone = items.map(({ key }) =>
    change(`the item of key ${key}`, (left) => fewer(left, (item) => item.key !== key)),
  );
  return [...(items.length > 1 ? gone : []), ...shorter];
}

function keyDetails(
  operation: Extract<Operation, { kind: "get" | "delete_keys" }>,
): readonly Part[] {
  if (operation.keys.length < 2) return [];
  return operation.keys.map((gone) =>
    detail(operation, `key ${gone}`, (left) =>
      left.kind === "get" || left.kind === "delete_keys"
        ? { ...left, keys: fewer(left.keys, (key) => key !== gone) }
        : left,
    ),
  );
}

function mutationDetails(operation: Extract<Operation, { kind: "list" }>): readonly Part[] {
  const { mutations } = operation;
  const change = (says: string, to: (left: typeof mutations) => typeof mutations): Part =>
    detail(operation, says, (left) =>
      left.kind === "list" ? { ...left, mutations: to(left.mutations) } : left,
    );
  const gone = mutations.map((mutation, i) =>
    change(`mutation ${i + 1}`, (left) =>
      fewer(left, (each) => each.operation !== mutation.operation),
    ),
  );
  const sound = mutations.flatMap((mutation, i) => {
    if (!mutation.isDoomed) return [];
    const part = change(`the doom of mutation ${i + 1}`, (left) =>
      left.map((each) =>
        each.operation === mutation.operation ? { ...each, isDoomed: false } : each,
      ),
    );
    return [part];
  });
  return [...(mutations.length > 1 ? gone : []), ...sound];
}
