/** Calls of clients that heard nothing for long, that are asked for less, or whose clocks are ahead (SIG-3, TOK-2). */
import { KvError, MILLISECOND, type Micros, SECOND, utf8 } from "kvdal";
import type { KvClient, Transport } from "kvdal/client";
import { differences } from "./difference.ts";
import { type Asked, type ExactCall } from "./exact-call.ts";
import { firstFlaw, House, HOUSE, refusedWith } from "./house.ts";

const AT = { namespace: HOUSE, id: "held" };
const ITEMS = [{ key: utf8("k"), value: utf8("v") }];

/** A server that does not answer takes half of what is left, and the call has the rest. */
const SILENCE: ExactCall = {
  rule: "SIG-3",
  says: "a call after a long silence, whose first question is not answered",
  ask: async (asked) => {
    const house = await House.open(asked);
    const budgets: Micros[] = [];
    const client = house.client({
      limits: { refreshMicros: SECOND },
      transport: (request, call) => {
        if (request.kind !== "handshake") return house.transport(request, call);
        budgets.push(call.budget);
        house.pass(call.budget);
        return Promise.reject(new KvError("DEADLINE_EXCEEDED", "no answer"));
      },
    });
    await client.getItems(AT);
    house.pass(SECOND);
    await client.getItems(AT, { timeoutMicros: 10 * MILLISECOND });
    return differences([["microseconds that it waits for it", budgets, [5 * MILLISECOND]]]);
  },
};

/** A house whose server is that busy, percent, and a client that has heard of it. */
async function busyHouse(
  asked: Asked,
  percent: number,
): Promise<{ readonly house: House; readonly client: KvClient }> {
  const load = { compute: () => percent, storage: () => undefined };
  const house = await House.open(asked, {}, { load });
  const client = house.client();
  await client.getItems(AT);
  return { house, client };
}

/** How many calls are slowed down in a row that are all answered; each may be dropped where it must not be. */
const CALLS = 16;

const LOAD: ExactCall = {
  rule: "SIG-3",
  says: "calls to servers that ask for less, or for slower calls, and for how long they are heeded",
  ask: async (asked) => {
    const busy = await busyHouse(asked, 80);
    const bulk = (): Promise<unknown> => busy.client.getItems(AT, { priority: "bulk" });
    const slow = await busyHouse(asked, 60);
    const begun = slow.house.env.clock.monotonic();
    for (let call = 0; call < CALLS; call += 1) await slow.client.getItems(AT);
    const waited = slow.house.env.clock.monotonic() - begun;
    const idle = await busyHouse(asked, 59);
    await idle.client.getItems(AT, { priority: "bulk" });
    return firstFlaw([
      ["at once", () => refusedWith("OVERLOADED", bulk)],
      [
        "a second later",
        async () => {
          busy.house.pass(SECOND);
          await bulk();
          return undefined;
        },
      ],
      [
        "slowed down",
        async () => (waited < CALLS * 10 * MILLISECOND ? `waited ${waited} µs` : undefined),
      ],
    ]);
  },
};

const SAMPLED: ExactCall = {
  rule: "SIG-1",
  says: "questions to the place that a server runs at: one a second",
  ask: async (asked) => {
    let questions = 0;
    const compute = (): number => (questions += 1);
    const house = await House.open(asked, {}, { load: { compute, storage: () => undefined } });
    const client = house.client();
    const counts: number[] = [];
    // What is told of it is told anew after a tenth of a second.
    for (const pause of [0, SECOND, SECOND - 1, 100 * MILLISECOND]) {
      house.pass(pause);
      await client.getItems(AT);
      counts.push(questions);
    }
    return differences([["questions so far, at four times", counts, [1, 2, 2, 3]]]);
  },
};

/** So far ahead a token may be. */
const DRIFT = SECOND;

const CLOCK_AHEAD: ExactCall = {
  rule: "TOK-2",
  says: "tokens of a client whose clock is as far ahead as may be, some time after a server was heard",
  ask: async (asked) => {
    const house = await House.open(asked, { tokens: { maxDrift: DRIFT } });
    const sent: string[] = [];
    const clientAhead = (by: Micros): KvClient => {
      const { clock } = house.env;
      const ahead = { ...clock, wall: () => clock.wall() + by };
      const transport: Transport = (request, call) => {
        sent.push(request.kind);
        return house.transport(request, call);
      };
      return house.client({ env: { ...house.env, clock: ahead }, transport });
    };
    const put = (client: KvClient) => (): Promise<unknown> =>
      client.putItems({ ...AT, items: ITEMS });
    const [bound, beyond] = [clientAhead(DRIFT), clientAhead(DRIFT + 1)];
    for (const client of [bound, beyond]) await client.getItems(AT);
    house.pass(100 * MILLISECOND);
    sent.length = 0;
    await put(bound)();
    // Nobody is asked first what time it is.
    const flaw = differences([["requests of a put", sent, ["put_items"]]]);
    if (flaw !== undefined) return flaw;
    return refusedWith("TOKEN_FROM_FUTURE", put(beyond), "this client's clock");
  },
};

/** In this order. */
export const HELD_BACK: readonly ExactCall[] = [SILENCE, LOAD, SAMPLED, CLOCK_AHEAD];
