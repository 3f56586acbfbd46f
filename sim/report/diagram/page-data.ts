/** A trace as the page's script reads it: the same facts in columns, every text once. */
import { operationsNamed } from "../../trace/chain.ts";
import type { Trace, TraceEvent } from "../../trace/trace.ts";
import { WALL_ORIGIN } from "../../world/world.ts";
import { rowsOf } from "./stack.ts";
import { storyOf } from "./story.ts";
import { axisOver } from "./time-axis.ts";

/** Columns of an event, in this order: see `eventRow`. */
type EventRow = readonly [
  at: number,
  node: number,
  kind: string,
  operation: number,
  message: number,
  text: number,
  label: number,
  record: number,
  keys: readonly number[],
  /** What the clocks show beyond virtual time: wall past the world's origin, and monotonic. */
  wall: number,
  monotonic: number,
  causes: readonly number[],
];

/** What the script of the page is given. */
export type PageData = Readonly<Record<string, unknown>>;

/** Makes it. */
export function pageData(trace: Trace): PageData {
  const texts = new Texts();
  const { events, messages, operations, calls, faults, marks, nodes, keys, verdict } = trace;
  const end = events.at(-1)?.at ?? 0;
  const named = new Set(
    operationsNamed(verdict ?? { operations: [] }, operations).map(({ operation }) => operation),
  );
  const moments = [
    ...events.map(({ at }) => at),
    ...messages.flatMap(({ copies }) => copies.map(({ arrives }) => Math.min(arrives, end))),
    ...faults.flatMap(({ from, until }) => [from, until]),
  ];
  const callRows = callRowsOf(trace, end);
  const faultRows = rowsOf(faults.map(({ from, until }) => ({ from, until: until + 1 })));
  return {
    seed: trace.seed,
    wallOrigin: WALL_ORIGIN,
    end,
    nodes,
    keys,
    records: trace.records,
    axis: axisOver(moments),
    chain: trace.chain?.events ?? [],
    violationAt: trace.chain?.at ?? null,
    story: storyOf(trace),
    operations: operations.map((operation) => ({
      ...operation,
      isNamed: named.has(operation.operation),
    })),
    events: events.map((event) => eventRow(event, texts)),
    messages: messages.map((message) => [
      message.from,
      message.to,
      message.sent,
      message.leaves,
      message.fate,
      message.late ? 1 : 0,
      message.operation,
      texts.number(message.text),
      message.copies.map(({ arrives, event = -1 }) => [arrives, event]),
    ]),
    calls: calls.map(
      ({ node, begun, ended = end, outcome, operation, text, by = "", said = "" }, i) => [
        node,
        begun,
        ended,
        outcome,
        operation,
        texts.number(text),
        callRows[i],
        texts.number(by),
        texts.number(said),
      ],
    ),
    faults: faults.map((fault, i) => ({ ...fault, row: faultRows[i] })),
    marks,
    texts: texts.all,
  };
}

/** Rows of the calls, counted at each node by itself. */
function callRowsOf({ nodes, calls }: Trace, end: number): readonly number[] {
  const rows = calls.map(() => 0);
  for (const node of nodes.keys()) {
    // Work of the servers' own lasts long, and is shown apart.
    const own = [...calls.keys()].filter((i) => calls[i]?.node === node && calls[i].operation > 0);
    const spans = own.map((i) => ({ from: calls[i]!.begun, until: calls[i]!.ended ?? end }));
    for (const [place, row] of rowsOf(spans).entries()) rows[own[place] as number] = row;
  }
  return rows;
}

function eventRow(event: TraceEvent, texts: Texts): EventRow {
  const { at, node, kind, operation, message = -1, text, record = -1, keys = [] } = event;
  const { causes, label = text } = event;
  const [wall, monotonic] = [event.wall - WALL_ORIGIN - at, event.monotonic - at];
  const [said, short] = [texts.number(text), texts.number(label)];
  return [at, node, kind, operation, message, said, short, record, keys, wall, monotonic, causes];
}

/** Texts by number: most are said of several things. */
class Texts {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.all.length);
    this.all.push(text);
    return this.all.length - 1;
  }
}
