/** What clients asked of servers for the operations of a verdict, out of a trace, where it did not go straight. */
import type { Micros } from "kvdal";
import type { Trace, TraceMessage } from "../trace/trace.ts";
import type { Focus } from "./focus.ts";
import type { Happening } from "./happenings.ts";

/**
 * Requests that were repeated or went astray, with the errors that came back: one that is answered at once tells
 * nothing that its operation does not. Of an operation of several requests, pages say, each is looked at by itself.
 */
export function clientRequests(trace: Trace, { named }: Focus, weight: number): Happening[] {
  const { messages, events, nodes } = trace;
  const own = messages.filter(({ operation }) => named.has(operation));
  return [...Map.groupBy(own, ({ operation }) => operation).values()].flatMap((all) => {
    const answers = all.filter(({ carries }) => carries === "answer");
    const requests = all.filter(
      ({ carries, to }) => carries === "request" && nodes[to]?.kind === "server",
    );
    const bent = [...Map.groupBy(requests, ({ text }) => text).values()]
      .flatMap((alike) => attemptsOf(alike, answers.filter(isGood).flatMap(arrivalsOf), events))
      .filter((attempts) => attempts.length > 1 || attempts.some(isBent))
      .flat();
    if (bent.length === 0) return [];
    const astray = answers.filter((answer) => answer.isError === true || isBent(answer));
    return [
      ...bent.map((request) => told(request, askedWords(request, trace))),
      ...astray.map((answer) => told(answer, answer.text)),
    ];
  });

  function told(message: TraceMessage, what: string): Happening {
    const [arrived] = arrivalsOf(message);
    return {
      at: events[message.sent]?.at ?? message.leaves,
      ...(arrived === undefined ? {} : { until: arrived }),
      who: `${nodes[message.from]?.name} for ${message.operation}`,
      what,
      said: fateOf(message),
      weight,
    };
  }
}

/** Like requests by what they were made for: after a good answer the next one is for something else. */
function attemptsOf(
  alike: readonly TraceMessage[],
  answered: readonly Micros[],
  events: Trace["events"],
): readonly (readonly TraceMessage[])[] {
  const sentAt = ({ sent }: TraceMessage): Micros => events[sent]?.at ?? 0;
  const rounds: TraceMessage[][] = [];
  for (const request of alike) {
    const round = rounds.at(-1);
    const before = round?.at(-1);
    const isNext =
      before === undefined || answered.some((at) => at > sentAt(before) && at <= sentAt(request));
    if (isNext) rounds.push([request]);
    else round?.push(request);
  }
  return rounds;
}

function askedWords({ to, text, dated }: TraceMessage, { nodes }: Trace): string {
  const token = dated === undefined ? "" : ` by a token of ${dated}`;
  return `asks ${nodes[to]?.name}: ${text}${token}`;
}

function arrivalsOf({ copies }: TraceMessage): readonly Micros[] {
  return copies.flatMap(({ event, arrives }) => (event === undefined ? [] : arrives));
}

function isGood({ isError }: TraceMessage): boolean {
  return isError === false;
}

/** Whether it did not arrive once, and in the usual time. */
function isBent({ fate, late, copies }: TraceMessage): boolean {
  return fate !== "delivered" || late || copies.length > 1;
}

const FATES: Readonly<Record<TraceMessage["fate"], string>> = {
  delivered: "",
  lost: "lost on its way",
  cut: "does not get through",
  down: "nobody was there when it arrived",
  away: "had not arrived when the world ended",
};

function fateOf({ fate, late, copies }: TraceMessage): string {
  if (fate !== "delivered") return FATES[fate];
  if (copies.length > 1) return `arrives ${copies.length} times`;
  return late ? "arrives late" : "";
}
