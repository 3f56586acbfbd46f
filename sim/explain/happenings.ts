/** What happened to what a verdict is about, out of a trace: servers' calls, what befell them, and requests that went astray. */
import type { Micros } from "kvdal";
import { isReading, operationsNamed } from "../trace/chain.ts";
import type { Trace, TraceCall, TraceEvent } from "../trace/trace.ts";
import { LOG_TABLE } from "../workload/lists-plan.ts";
import type { Plan } from "../workload/plan.ts";
import { cacheCalls } from "./cache-calls.ts";
import { clientRequests } from "./client-requests.ts";
import { type Focus, focusOf } from "./focus.ts";
import { byPlace } from "../words/mutation-words.ts";

/** Something that happened, from when to when. */
export type Happening = {
  readonly at: Micros;
  /** Absent where it came to no end, or is one moment. */
  readonly until?: Micros;
  /** Who did it: `clean-up at server 1`, `server 0 for 124`. */
  readonly who: string;
  readonly what: string;
  /** What came of it; empty for a moment. */
  readonly said: string;
  /** How much it tells: where not all can be shown, the greatest are, and none of 0. */
  readonly weight: number;
};

/**
 * How much each kind of thing tells; `own` is what servers do by themselves, `fill` is what the cache is
 * given for later readers, `beside` is of operations that are not named.
 */
const WEIGHT = {
  point: 6,
  crash: 5,
  ownWrite: 5,
  ownFailed: 5,
  fill: 5,
  named: 4,
  beside: 4,
  failed: 4,
  ownRead: 3,
  ownLog: 3,
  log: 2,
  logRead: 1,
  besideRead: 1,
  empty: 0,
} as const;

/** All that happened until the verdict's moment to what it is about, in the order in which it began. */
export function happenings(trace: Trace, plan: Plan): readonly Happening[] {
  const { nodes, calls, events } = trace;
  const until = endOf(trace);
  const plain = byPlace(plan);
  const focus = focusOf(trace, plan);
  const about = [...calls, ...cacheCalls(trace)].filter((call) => focus.isAbout(call));
  const moments = events.filter(({ kind, node, operation }) => {
    if (kind === "crash") return nodes[node]?.kind === "server";
    return kind === "point" && focus.isNear(operation);
  });
  return [
    ...together(moments.map((event) => ofMoment(event, trace))),
    ...about.map((call) => ofCall(call, trace, focus)),
    ...clientRequests(trace, focus, WEIGHT.named),
  ]
    .filter(({ at }) => at <= until)
    .toSorted((a, b) => a.at - b.at)
    .map((each) => ({ ...each, what: plain(each.what), said: plain(each.said) }));
}

/** What no reader saw shows in the end alone: all until then may be why. */
function endOf({ chain, verdict, operations }: Trace): Micros {
  const named = operationsNamed(verdict ?? { operations: [] }, operations);
  const isSeen = named.some(({ kind }) => isReading(kind) || kind === "list");
  return chain === undefined || !isSeen ? Number.POSITIVE_INFINITY : chain.at;
}

function ofCall(call: TraceCall, { nodes }: Trace, { named }: Focus): Happening {
  const { node, begun, ended, outcome, operation, by, text, said = "" } = call;
  const at = nodes[node]?.name ?? "";
  const own = by === undefined ? `${at} by itself` : `${by} at ${at}`;
  return {
    at: begun,
    ...(ended === undefined ? {} : { until: ended }),
    who: operation === 0 ? own : `${at} for ${operation}`,
    what: text,
    said: outcome === "open" ? "never answered" : said,
    weight: weightOf(call, named.has(operation)),
  };
}

const CHANGES: ReadonlySet<TraceCall["verb"]> = new Set(["write", "set", "add"]);

function weightOf(call: TraceCall, isNamed: boolean): number {
  const { outcome, operation, table, verb, rows, entries = 0 } = call;
  const isOwn = operation === 0;
  const isChange = CHANGES.has(verb);
  if (outcome !== "answered") return isOwn ? WEIGHT.ownFailed : WEIGHT.failed;
  if (verb === "scan" && rows === 0) return WEIGHT.empty;
  if (table === LOG_TABLE) return logWeight(call, isOwn, isChange);
  if (verb === "set" && entries > 0) return WEIGHT.fill;
  if (isNamed) return WEIGHT.named;
  if (isOwn) return isChange ? WEIGHT.ownWrite : WEIGHT.ownRead;
  return isChange ? WEIGHT.beside : WEIGHT.besideRead;
}

/** Of the log: that a list is accepted, and what becomes of its mutations. */
function logWeight({ step }: TraceCall, isOwn: boolean, isChange: boolean): number {
  if (isOwn) return isChange ? WEIGHT.ownLog : WEIGHT.logRead;
  return step === "accept" ? WEIGHT.named : WEIGHT.log;
}

/** What happens several times at one moment is told once. */
function together(moments: readonly Happening[]): readonly Happening[] {
  const same = Map.groupBy(moments, ({ at, who, what }) => `${at} ${who} ${what}`);
  return [...same.values()].map((all) => {
    const [first] = all as [Happening];
    return all.length === 1 ? first : { ...first, said: `${all.length} times` };
  });
}

function ofMoment({ at, node, kind, operation, text }: TraceEvent, { nodes }: Trace): Happening {
  const name = nodes[node]?.name ?? "";
  return {
    at,
    who: operation === 0 ? name : `${name} for ${operation}`,
    what: text,
    said: "",
    weight: kind === "point" ? WEIGHT.point : WEIGHT.crash,
  };
}
