/** The causal chain in words, step by step: what a reader goes through beside the picture. */
import { operationsNamed } from "../../trace/chain.ts";
import type { Trace, TraceEvent, TraceMessage } from "../../trace/trace.ts";

/** A step: the event that it stands for, and how it reads. */
export type Step = {
  readonly event: number;
  readonly text: string;
  /** What kind of step it is, for its mark. */
  readonly tone: "begin" | "end" | "message" | "bad" | "stored";
  /** It belongs to an operation that the verdict names. */
  readonly isNamed: boolean;
};

/** The steps of the trace's chain; none where there is no chain. */
export function storyOf(trace: Trace): readonly Step[] {
  const { chain, verdict } = trace;
  if (chain === undefined || verdict === undefined) return [];
  const named = new Set(
    operationsNamed(verdict, trace.operations).flatMap(({ operation, writes }) => [
      operation,
      ...writes,
    ]),
  );
  return chain.events.flatMap((number): readonly Step[] => {
    const event = trace.events[number] as TraceEvent;
    const told = tellEvent(event, trace);
    return told === undefined
      ? []
      : [{ event: number, ...told, isNamed: named.has(event.operation) }];
  });
}

type Told = Pick<Step, "text" | "tone">;

function tellEvent(event: TraceEvent, trace: Trace): Told | undefined {
  const at = trace.nodes[event.node]?.name ?? "";
  const number = event.operation === 0 ? "" : ` #${event.operation}`;
  switch (event.kind) {
    case "begin":
      return { text: `${at}${number} ${event.text}`, tone: "begin" };
    case "end":
      return { text: `${at}${number} is ${event.text}`, tone: "end" };
    case "send":
      return tellMessage(trace.messages[event.message as number] as TraceMessage, trace);
    case "apply":
      return { text: `${at} stores ${event.text}`, tone: "stored" };
    case "point":
      return { text: `${at}${number}: ${event.text}`, tone: "bad" };
    case "forget":
      return { text: `${at} crashes and loses ${event.text}`, tone: "bad" };
    case "return":
      return {
        text: `${at} goes on with${number}: ${event.text}${heardBy(event, trace)}`,
        tone: "message",
      };
    case "receive":
    case "call":
    case "crash":
    case "restart":
    case "flush":
      return undefined;
    default:
      throw event.kind satisfies never;
  }
}

/** Whom an engine call has heard by the time it ends: a quorum, or not. */
function heardBy({ causes }: TraceEvent, { events, messages, nodes }: Trace): string {
  const from = causes.flatMap((cause) => {
    const { kind, message } = events[cause] as TraceEvent;
    const node = kind === "receive" ? messages[message as number]?.from : undefined;
    return node === undefined ? [] : [nodes[node]?.name ?? ""];
  });
  const names = [...new Set(from)];
  return ` (heard from ${names.length === 0 ? "nobody" : names.join(" and ")})`;
}

function tellMessage(message: TraceMessage, { nodes, events }: Trace): Told {
  const { from, to, text, fate, copies, late } = message;
  const way = `${nodes[from]?.name} → ${nodes[to]?.name}`;
  const sent = events[message.sent]?.at ?? 0;
  const first = Math.min(...copies.map(({ arrives }) => arrives));
  switch (fate) {
    case "lost":
      return { text: `${way}: ${text}. The network loses it`, tone: "bad" };
    case "cut":
      return { text: `${way}: ${text}. Cut off by a partition`, tone: "bad" };
    case "down":
      return { text: `${way}: ${text}. Nobody is there: ${nodes[to]?.name} is down`, tone: "bad" };
    case "away":
      return { text: `${way}: ${text}. Still on its way at the end`, tone: "bad" };
    case "delivered": {
      const doubled = copies.length > 1 ? ", doubled" : "";
      const lateness = late ? ", late" : "";
      const took = ((first - sent) / 1000).toFixed(2);
      return { text: `${way}: ${text} (${took} ms${lateness}${doubled})`, tone: "message" };
    }
    default:
      throw fate satisfies never;
  }
}
