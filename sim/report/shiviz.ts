/** A trace in the form that ShiViz reads: a regular expression, then an event a line, and its host with a vector clock. */
import type { Trace, TraceEvent } from "../trace/trace.ts";
import { vectorClocks } from "../trace/vector-clocks.ts";

/**
 * The expression that ShiViz is to read the log by: it takes it from the first line of the file, and adds the anchors
 * itself. Groups are named as it wants them.
 */
export const SHIVIZ_EXPRESSION: string = String.raw`(?<date>\d+\.\d{3}) (?<kind>\S+) (?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})`;

/** The text of a log. The second line is the expression that parts several executions: there is one, so it is empty. */
export function shivizLog(trace: Trace): string {
  const hosts = trace.nodes.map(({ name }) => name.replaceAll(" ", "-"));
  const clocks = vectorClocks(trace);
  const entries = trace.events.map((event, i) => {
    const clock = Object.fromEntries(
      hosts.flatMap((host, node) => {
        const count = clocks[i]?.[node] ?? 0;
        return count === 0 ? [] : [[host, count] as const];
      }),
    );
    return `${headOf(event)}\n${hosts[event.node]} ${JSON.stringify(clock)}`;
  });
  return `${SHIVIZ_EXPRESSION}\n\n${entries.join("\n")}\n`;
}

function headOf({ at, kind, operation, text }: TraceEvent): string {
  const said = text.replaceAll(/\s+/g, " ");
  const number = operation === 0 ? "" : `#${operation} `;
  return `${(at / 1000).toFixed(3)} ${kind} ${number}${said}`;
}
