/** The causal chain behind a verdict: a backward slice by happens-before from the operations that it names. */
import type {
  TraceChain,
  TraceEvent,
  TraceMessage,
  TraceOperation,
  TraceVerdict,
} from "./trace.ts";

/** What of a trace the slice is cut from. */
export type Sliced = {
  readonly events: readonly TraceEvent[];
  readonly messages: readonly TraceMessage[];
  readonly operations: readonly TraceOperation[];
};

/** What shows a violation when it is told; what no client was told shows later, when all that was written has arrived. */
const READS: ReadonlySet<string> = new Set(["get", "page", "scan", "status"]);

/** Whether an operation of this kind is one. */
export function isReading(kind: string): boolean {
  return READS.has(kind);
}

/** Everything that the verdict's operations did, and, before it, what that depended on under the keys in question. */
export function chainOf(verdict: TraceVerdict, trace: Sliced): TraceChain | undefined {
  const named = operationsNamed(verdict, trace.operations);
  if (named.length === 0) return undefined;
  const numbers = new Set(named.flatMap(({ operation, writes }) => [operation, ...writes]));
  const focus = focusOf(named);
  const { events } = trace;
  const wanted = new Set<number>();
  const repairs = repairsIn(trace);
  for (const [i, event] of events.entries()) {
    const isIts = numbers.has(event.operation) && !repairs.has(i);
    if (isIts && isInFocus(event, focus)) wanted.add(i);
  }
  // Causes come before what they cause: one pass from the end follows all of them.
  for (let i = events.length - 1; i >= 0; i -= 1) {
    if (!wanted.has(i)) continue;
    for (const cause of (events[i] as TraceEvent).causes) {
      if (isInFocus(events[cause] as TraceEvent, focus)) wanted.add(cause);
    }
  }
  const at = named.some(({ kind }) => isReading(kind))
    ? Math.max(...named.map(({ begun, ended }) => ended ?? begun))
    : Math.max(...[...wanted].map((i) => (events[i] as TraceEvent).at));
  const before = [...wanted].filter((i) => (events[i] as TraceEvent).at <= at);
  return { events: before.toSorted((a, b) => a - b), at };
}

/** How replicas are brought together in the end: copies of what is there, which tell nothing by themselves. */
function repairsIn({ events, messages }: Sliced): ReadonlySet<number> {
  const repairs = new Set<number>();
  for (const [i, { kind, message = -1, causes }] of events.entries()) {
    const isSent = kind === "send" && messages[message]?.carries === "repair";
    const follows = (kind === "receive" || kind === "apply") && causes.some((j) => repairs.has(j));
    if (isSent || follows) repairs.add(i);
  }
  return repairs;
}

/** The operations that a verdict names, by their own numbers or by those of their mutations. */
export function operationsNamed(
  verdict: Pick<TraceVerdict, "operations">,
  operations: readonly TraceOperation[],
): readonly TraceOperation[] {
  const named = new Set(verdict.operations);
  return operations.filter(
    ({ operation, writes }) => named.has(operation) || writes.some((write) => named.has(write)),
  );
}

/** Keys by record that all of the operations are about; all keys of each where they share none. */
type Focus = ReadonlyMap<number, ReadonlySet<number>>;

function focusOf(named: readonly TraceOperation[]): Focus {
  const byRecord = new Map<number, ReadonlySet<number>>();
  for (const { record, keys } of named) {
    if (keys.length === 0) continue;
    const known = byRecord.get(record);
    const shared = known === undefined ? keys : keys.filter((key) => known.has(key));
    byRecord.set(record, new Set(shared.length > 0 ? shared : [...(known ?? []), ...keys]));
  }
  return byRecord;
}

/** Whether an event is about something of it, or says nothing of what it is about. */
function isInFocus({ record, keys, kind }: TraceEvent, focus: Focus): boolean {
  if (record === undefined || kind === "begin" || kind === "end") return true;
  const inFocus = focus.get(record);
  if (inFocus === undefined) return focus.size === 0;
  return keys === undefined || keys.length === 0 || keys.some((key) => inFocus.has(key));
}
