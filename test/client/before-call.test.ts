// Goal: a client that heard nothing for long asks before it calls, once, and heeds what its server says of its load.
// Method: calls through the loop, with a scripted server, in a world whose time is stepped by hand.
import { describe, expect, test } from "vitest";
import { type CallBounds, callWithRetries, type CallParts } from "../../src/client/call.ts";
import { resolveLimits } from "../../src/client/client-parts.ts";
import { ServerView } from "../../src/client/server-view.ts";
import { PLAIN_CLIENT, type ServerFacts } from "../../src/model/capabilities.ts";
import { KvError } from "../../src/model/error.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { KvRequest, KvResponseOf } from "../../src/model/request.ts";
import type { Priority } from "../../src/model/signals.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Transport, TransportCall } from "../../src/ports/transport.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { FACTS } from "../fakes/server-facts.ts";
import { settle, type SteppedEnv, steppedEnv } from "../fakes/stepped-env.ts";

const GET: KvRequest = {
  kind: "get_items",
  namespace: "n",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  selection: {},
};
const REFRESH = 3_000_000;
const SLO = { read: { target: 10, max: 700 }, write: { target: 10, max: 700 } };

type Stage = {
  readonly env: SteppedEnv;
  readonly seen: readonly { readonly kind: KvRequest["kind"]; readonly call: TransportCall }[];
  readonly view: ServerView;
  readonly send: (wish?: Partial<CallBounds>) => Promise<unknown>;
  /** The server answers so from now on; an error, or facts. */
  readonly become: (answer: KvError | Partial<ServerFacts>) => void;
};

function stage(draw: (bound: number) => number = () => 0): Stage {
  const env = steppedEnv(draw);
  const seen: { kind: KvRequest["kind"]; call: TransportCall }[] = [];
  let answer: KvError | Partial<ServerFacts> = {};
  const transport: Transport = async <R extends KvRequest>({ kind }: R, call: TransportCall) => {
    seen.push({ kind, call });
    await settle();
    if (answer instanceof KvError) throw answer;
    return { items: [], server: { ...FACTS, ...answer } } as unknown as KvResponseOf<R>;
  };
  const limits = resolveLimits({ refreshMicros: REFRESH, attemptsMax: 1, backoffBase: 1_000 });
  const view = new ServerView(
    {
      next: () => ({ generationTime: 1, nonce: new Uint8Array(16) }),
      observe: () => undefined,
      refused: () => undefined,
    },
    limits,
  );
  const { random } = env;
  const parts: CallParts = { env, random, transport, limits, capabilities: PLAIN_CLIENT, view };
  const send = async (wish: Partial<CallBounds> = {}): Promise<unknown> => {
    const deadline = env.clock.monotonic() + 10_000;
    const bounds = { deadline, signal: neverAborted, isUnderWay: false };
    const sent = callWithRetries(GET, { ...bounds, priority: "normal", ...wish }, parts);
    sent.catch(() => undefined);
    await env.advance(5_000);
    return sent;
  };
  return { env, seen, view, send, become: (next) => (answer = next) };
}

const kinds = ({ seen }: Stage): readonly string[] => seen.map(({ kind }) => kind);

describe("a client that heard nothing for as long as the interval", () => {
  test("asks before the call, and the call goes by the answer", async () => {
    const one = stage();
    await one.send();
    one.become({ slo: SLO });
    await one.env.advance(REFRESH);
    await one.send();
    expect(kinds(one)).toEqual(["get_items", "handshake", "get_items"]);
    expect(one.seen[2]?.call.budget).toBe(700);
    expect(one.env.telemetry.counter("handshakes_after_silence")).toBe(1);
  });

  test("does not ask sooner, nor before its first call, nor after having just heard", async () => {
    const one = stage();
    await one.env.advance(2 * REFRESH);
    await one.send();
    await one.env.advance(REFRESH - 10_000);
    await one.send();
    await one.send();
    expect(kinds(one)).toEqual(["get_items", "get_items", "get_items"]);
  });

  test("asks once an interval, also when nobody answers, and leaves the call half of its time", async () => {
    const one = stage();
    await one.send();
    one.become(new KvError("UNAVAILABLE", "scripted"));
    await one.env.advance(REFRESH);
    for (let i = 0; i < 3; i += 1) {
      expect((await rejectionOf(one.send()))?.code).toBe("UNAVAILABLE");
    }
    expect(kinds(one)).toEqual(["get_items", "handshake", "get_items", "get_items", "get_items"]);
    expect(one.seen[1]?.call.budget).toBe(5_000);
    await one.env.advance(REFRESH);
    await rejectionOf(one.send());
    expect(kinds(one).filter((kind) => kind === "handshake").length).toBe(2);
  });

  test("leaves no timer", async () => {
    const one = stage();
    await one.send();
    await one.env.advance(REFRESH);
    await one.send();
    expect(one.env.pendingTimers()).toBe(0);
  });

  test.each([{ signal: AbortSignal.abort() }, { deadline: 0 }])(
    "asks nothing for a call that is over",
    async (wish) => {
      const one = stage();
      await one.send();
      await one.env.advance(REFRESH);
      await rejectionOf(one.send(wish));
      expect(kinds(one)).toEqual(["get_items"]);
    },
  );
});

describe("a client whose server asks for less", () => {
  const told = async (advice: ServerFacts["advice"], draw = 0): Promise<Stage> => {
    const one = stage(() => draw);
    one.become({ advice });
    await one.send();
    return one;
  };

  test.each<readonly [Priority, sent: number]>([
    ["critical", 2],
    ["normal", 1],
    ["bulk", 1],
  ])("that is to shed sends this many calls of which one is %s: %d", async (priority, sent) => {
    const one = await told("shed");
    const error = await rejectionOf(one.send({ priority }));
    expect(one.seen.length).toBe(sent);
    expect(one.env.telemetry.counter("calls_dropped")).toBe(2 - sent);
    if (sent === 2) return;
    expect([error?.code, error?.applied]).toEqual(["OVERLOADED", "no"]);
    expect(error?.message).toContain(`this call is ${priority}, wanted a less loaded server`);
  });

  test("holds back none of the calls that are critical, however many others it dropped", async () => {
    const one = await told("slow_down");
    for (let i = 0; i < 50; i += 1) {
      for (let bulk = 0; bulk < 5; bulk += 1) await rejectionOf(one.send({ priority: "bulk" }));
      expect(await rejectionOf(one.send({ priority: "critical" }))).toBeUndefined();
    }
    expect(one.env.telemetry.counter("calls_dropped")).toBe(250);
  });

  test("that is to slow down waits a moment before each call", async () => {
    const one = await told("slow_down", 0x8000);
    const begun = one.env.clock.monotonic();
    let sentAt = 0;
    const sent = one.send().then(() => (sentAt = one.env.clock.monotonic()));
    await sent;
    expect(sentAt - begun).toBeGreaterThanOrEqual(750);
    expect(one.env.telemetry.counter("calls_slowed")).toBe(1);
    expect(one.env.pendingTimers()).toBe(0);
  });

  test("goes on as before when the advice is a second old", async () => {
    const one = await told("shed");
    await one.env.advance(1_000_000 - 10_000);
    await rejectionOf(one.send());
    expect(one.seen.length).toBe(1);
    await one.env.advance(10_000);
    await one.send();
    expect(one.seen.length).toBe(2);
  });

  test("holds back a call before the first of its requests, and no later one", async () => {
    const one = await told("shed");
    await one.send({ isUnderWay: true });
    expect(one.seen.length).toBe(2);
  });
});

describe("a client whose calls are refused as too much", () => {
  test("sends ever fewer of them, but some, and all of them when things are well again", async () => {
    let count = 0;
    // Spread evenly over all that can be drawn.
    const one = stage((bound) => ((count += 1) * 40_503) % bound);
    one.become(new KvError("OVERLOADED", "scripted"));
    const sentOf = async (calls: number): Promise<number> => {
      const before = one.seen.length;
      for (let i = 0; i < calls; i += 1) {
        // Within one second, so that nothing is forgotten.
        const error = await rejectionOf(one.send({ deadline: one.env.clock.monotonic() + 4_000 }));
        expect([undefined, "OVERLOADED"]).toContain(error?.code);
      }
      return one.seen.length - before;
    };
    await sentOf(20);
    const refused = await sentOf(100);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(20);
    one.become({});
    await one.env.advance(60_000_000);
    expect(await sentOf(50)).toBe(50);
  });
});
