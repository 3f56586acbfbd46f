/** What a message says whose arrival was noted as a mere event, out of the trace of the same run. */
import type { Trace, TraceEvent } from "../trace/trace.ts";
import type { FiredEvent } from "../world/event-tap.ts";

/** Of the event at this place: `answers: done`, `has it, asked for: write k0 = #7`; empty for anything but a message. */
export function arrivalWords(
  fired: readonly FiredEvent[],
  place: number,
  link: readonly [from: number, to: number] | undefined,
  trace: Trace,
): string {
  const own = fired[place];
  if (own === undefined || link === undefined) return "";
  const before = fired.slice(0, place);
  const turn = before.filter(({ time, code }) => time === own.time && code === own.code).length;
  const [from, to] = link;
  const arrivals = trace.events.filter(
    ({ kind, at, node, message = -1 }) =>
      kind === "receive" &&
      at === own.time &&
      node === to &&
      trace.messages[message]?.from === from,
  );
  const arrival = arrivals[turn];
  if (arrival === undefined) return "";
  const asked = askedBy(arrival, trace);
  return asked === undefined ? arrival.text : `${arrival.text}, asked for: ${asked.text}`;
}

/** Of an answer of a replica or the cache: the arrival of what it answers. */
function askedBy({ message = -1 }: TraceEvent, trace: Trace): TraceEvent | undefined {
  const { from = -1, sent = -1 } = trace.messages[message] ?? {};
  const kind = trace.nodes[from]?.kind;
  if (kind !== "replica" && kind !== "cache" && kind !== "engine") return undefined;
  const causes = trace.events[sent]?.causes ?? [];
  return causes
    .map((cause) => trace.events[cause] as TraceEvent)
    .find(({ kind: of, node }) => of === "receive" && node === from);
}
