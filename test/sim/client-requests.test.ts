/** What clients asked for the operations of a verdict: told where it was repeated or went astray, and nowhere else. */
import { expect, test } from "vitest";
import { clientRequests } from "../../sim/explain/client-requests.ts";
import type { Trace, TraceEvent, TraceMessage } from "../../sim/trace/trace.ts";
import { WALL_ORIGIN } from "../../sim/world/world.ts";

const NODES = [
  { name: "client 0", kind: "client", clock: "" },
  { name: "server 0", kind: "server", clock: "" },
  { name: "server 1", kind: "server", clock: "" },
] as const;

type Sent = Partial<Omit<TraceMessage, "copies">> & {
  readonly at: number;
  readonly lasts?: number;
};

const request = (at: number, more: Partial<Sent> = {}): Sent => ({
  from: 0,
  to: 1,
  carries: "request",
  text: "put k0",
  dated: WALL_ORIGIN,
  at,
  ...more,
});

const answer = (at: number, more: Partial<Sent> = {}): Sent => ({
  from: 1,
  to: 0,
  carries: "answer",
  text: "answers: accepted",
  isError: false,
  at,
  ...more,
});

/** Each message takes ten microseconds. */
function told(sent: readonly Sent[]): readonly string[] {
  const events: TraceEvent[] = [];
  const messages = sent.map(({ at, lasts = 10, ...more }): TraceMessage => {
    const event = { node: 0, wall: 0, monotonic: 0, operation: 7, text: "", causes: [] };
    events.push({ ...event, at, kind: "send" }, { ...event, at: at + lasts, kind: "receive" });
    const { fate = "delivered" } = more;
    const arrival = { arrives: at + lasts, event: events.length - 1 };
    const from = { from: 0, to: 1, sent: events.length - 2, leaves: at, late: false, operation: 7 };
    return { ...from, text: "", copies: fate === "delivered" ? [arrival] : [], fate, ...more };
  });
  const trace = { messages, events, nodes: NODES } as unknown as Trace;
  const focus = { named: new Set([7]), isAbout: () => true, isNear: () => true };
  return clientRequests(trace, focus, 4).map(
    ({ at, until, who, what, said }) => `${at}-${until ?? ""} ${who} ${what}${said && `: ${said}`}`,
  );
}

test("a request that is answered at once is not told", () => {
  expect(told([request(1), answer(20)])).toEqual([]);
});

test("like requests of one operation are not told where each is answered before the next", () => {
  const page = { text: "get all keys" };
  expect(told([request(1, page), answer(20), request(30, page), answer(50)])).toEqual([]);
});

test("what is asked again is told with its errors, and by which token", () => {
  const error = { text: "answers: error UNAVAILABLE", isError: true };
  const again = request(50, { to: 2, dated: WALL_ORIGIN + 50 });
  expect(told([request(1), answer(20, error), again, answer(70)])).toEqual([
    `1-11 client 0 for 7 asks server 0: put k0 by a token of ${WALL_ORIGIN}`,
    `50-60 client 0 for 7 asks server 1: put k0 by a token of ${WALL_ORIGIN + 50}`,
    "20-30 server 0 for 7 answers: error UNAVAILABLE",
  ]);
});

test("a hedge is told: the first answer comes after the second request", () => {
  const hedged = [request(1), request(5, { to: 2 }), answer(20), answer(21, { from: 2 })];
  expect(told(hedged)).toHaveLength(2);
});

test.each([
  ["lost", { fate: "lost" as const }, "1- client 0 for 7 asks server 0: put k0: lost on its way"],
  [
    "cut off",
    { fate: "cut" as const },
    "1- client 0 for 7 asks server 0: put k0: does not get through",
  ],
  ["late", { late: true }, "1-11 client 0 for 7 asks server 0: put k0: arrives late"],
])("a request that is %s is told", (_what, more, says) => {
  const { dated: _dated, ...plain } = request(1, more);
  expect(told([plain, answer(20)])).toEqual([says]);
});

test("an answer that is lost is told with the request that had to be made again", () => {
  const lines = told([request(1), answer(20, { fate: "lost" }), request(50), answer(70)]);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe("20- server 0 for 7 answers: accepted: lost on its way");
});

test("what other operations asked, and what goes to no server, is not told", () => {
  const other = request(1, { operation: 8, fate: "lost" });
  const replica = request(1, { carries: "write", fate: "lost" });
  expect(told([other, replica])).toEqual([]);
});
