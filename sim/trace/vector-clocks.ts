/** Vector clocks of a trace's events: one entry a node, how many events of that node have happened before, itself included. */
import type { Trace, TraceEvent } from "./trace.ts";

/** One clock an event, in the order of the events. */
export function vectorClocks({
  nodes,
  events,
  messages,
}: Pick<Trace, "nodes" | "events" | "messages">): readonly (readonly number[])[] {
  const latest = nodes.map(() => nodes.map(() => 0));
  const clocks: (readonly number[])[] = [];
  for (const { node, kind, message } of events) {
    const sent = kind === "receive" ? messages[message as number]?.sent : undefined;
    const seen = sent === undefined ? undefined : clocks[sent];
    const clock = (latest[node] as readonly number[]).map((own, i) =>
      Math.max(own, seen?.[i] ?? 0),
    );
    clock[node] = (clock[node] as number) + 1;
    latest[node] = clock;
    clocks.push(clock);
  }
  return clocks;
}

/** Whether the one event happened before the other, by their clocks. */
export function isBefore(
  [one, oneClock]: readonly [TraceEvent, readonly number[]],
  otherClock: readonly number[],
): boolean {
  return (oneClock[one.node] as number) <= (otherClock[one.node] as number);
}
