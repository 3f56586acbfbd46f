/** What a verdict is about: operations, keys of records, and whatever else these operations read and wrote. */
import { operationsNamed } from "../trace/chain.ts";
import type { Trace, TraceCall } from "../trace/trace.ts";
import { CORE_FIRST } from "../faults/core.ts";
import { keyNumbers } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";

/** It, as a question to each call. */
export type Focus = {
  /** Operations that the verdict names; a list for its mutations. */
  readonly named: ReadonlySet<number>;
  /** Whether the call is one of theirs, or goes where they went. */
  readonly isAbout: (call: Pick<TraceCall, Where>) => boolean;
  /** Whether an operation is one of them, or goes where they went; 0 is servers' own work. */
  readonly isNear: (operation: number) => boolean;
};

type Where = "operation" | "table" | "id" | "record" | "keys";
type Trailed = Pick<Trace, "calls" | "operations" | "verdict">;

/** By record: keys that some of them are about. */
type KeysByRecord = ReadonlyMap<number, ReadonlySet<number>>;

/** That of a trace of this plan. */
export function focusOf(trace: Trailed, plan: Plan): Focus {
  const { operations, calls } = trace;
  const own = ownOf(trace, plan);
  const named = new Set(own.map(({ operation }) => operation));
  const records = keysByRecord(own.flatMap((each) => aboutOf(each, plan)));
  // Rows that are no items: chunks, and the log.
  const places = new Set(
    calls
      .filter(({ operation, record }) => named.has(operation) && record === undefined)
      .flatMap(({ table, id }) => (id === undefined ? [] : [placeOf(table, id)])),
  );
  const isIn = (record: number, keys: readonly number[]): boolean => {
    const wanted = records.get(record);
    return wanted !== undefined && (keys.length === 0 || keys.some((key) => wanted.has(key)));
  };
  const near = new Set(
    operations
      .filter((each) => aboutOf(each, plan).some(({ record, keys }) => isIn(record, keys)))
      .map(({ operation }) => operation),
  );
  return {
    named,
    isAbout: ({ operation, table, id, record, keys }) => {
      if (named.has(operation)) return true;
      // Whatever else is asked of a world's end is told by the verdict alone.
      if (operation >= CORE_FIRST) return false;
      if (record !== undefined) return isIn(record, keys);
      return id !== undefined && places.has(placeOf(table, id));
    },
    isNear: (operation) => operation === 0 || named.has(operation) || near.has(operation),
  };
}

/** Those that the verdict names; where it names none, all of the plan, of which few are left. */
function ownOf(
  { verdict, operations }: Pick<Trailed, "operations" | "verdict">,
  plan: Plan,
): Trace["operations"] {
  const own = operationsNamed(verdict ?? { operations: [] }, operations);
  if (own.length > 0) return own;
  const planned = new Set(plan.operations.flat().map(({ index }) => index));
  return operations.filter(({ operation }) => planned.has(operation));
}

type About = { readonly record: number; readonly keys: readonly number[] };

/** A scan is about whatever the others are. */
function aboutOf(
  { operation, kind, record, keys }: Trace["operations"][number],
  plan: Plan,
): readonly About[] {
  if (kind === "scan" || kind === "status") return [];
  if (kind !== "list") return [{ record, keys }];
  const list = plan.operations.flat().find(({ index }) => index === operation);
  if (list?.kind !== "list") return [];
  return list.mutations.map((mutation) => ({
    record: mutation.record,
    keys: keyNumbers({ ...list, mutations: [mutation] }, plan.keys.length),
  }));
}

function keysByRecord(all: readonly About[]): KeysByRecord {
  const byRecord = new Map<number, Set<number>>();
  for (const { record, keys } of all) {
    const known = byRecord.get(record) ?? new Set();
    byRecord.set(record, known);
    for (const key of keys) known.add(key);
  }
  return byRecord;
}

function placeOf(table: string, id: string): string {
  return `${table} ${id}`;
}
