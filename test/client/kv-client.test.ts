// Goal: what the client adds to a call: tokens, absolute expiries, defaults, and pages one after another.
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { CallLimits, CallOptions } from "../../src/client/call.ts";
import { createClient, type KvClient } from "../../src/client/kv-client.ts";
import { monotonicTokens } from "../../src/client/token-source.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import type { GetItemsResponse, KvRequest, KvResponseOf } from "../../src/model/request.ts";
import { HOUR } from "../../src/model/time.ts";
import type { IdempotencyToken } from "../../src/model/token.ts";
import { compareVersions, putVersion } from "../../src/model/version.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { FACTS } from "../fakes/server-facts.ts";
import { steppedEnv, type SteppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";

type Stage = { readonly env: SteppedEnv; readonly seen: KvRequest[]; readonly client: KvClient };

function stage(pages: readonly GetItemsResponse[] = []): Stage {
  const env = steppedEnv();
  const seen: KvRequest[] = [];
  let page = 0;
  const transport: Transport = async <R extends KvRequest>(request: R) => {
    seen.push(request);
    const last = { items: [], nextPageToken: undefined };
    const answer =
      request.kind === "get_items" ? (pages[page++] ?? last) : { outcomes: ["applied"] };
    return { ...answer, server: FACTS } as unknown as KvResponseOf<R>;
  };
  return { env, seen, client: createClient({ env, transport }) };
}

const at = { namespace: "n", id: "r" };
const item = { key: utf8("k"), value: utf8("v") };

describe("createClient()", () => {
  test("puts under a new token each time, and says which", async () => {
    const { client, seen } = stage();
    const first = await client.putItems({ ...at, items: [item] });
    const second = await client.putItems({ ...at, items: [item] });
    expect(first.outcomes).toEqual(["applied"]);
    expect(first.token.generationTime).toBe(WALL_BEGIN);
    expect(second.token.generationTime).toBe(WALL_BEGIN + 1);
    expect(seen.map((request) => "token" in request && request.token)).toEqual([
      first.token,
      second.token,
    ]);
  });

  test("repeats a mutation under the token that is named, with the very same expiry", async () => {
    const { client, seen, env } = stage();
    const token = { generationTime: WALL_BEGIN - 77, nonce: new Uint8Array(16).fill(3) };
    const input = { ...at, items: [{ ...item, ttlMicros: 1_000 }], token };
    await client.putItems(input);
    env.stall(999_999);
    await client.putItems(input);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toMatchObject({ token, items: [{ expiresAt: WALL_BEGIN + 923 }] });
    expect((await client.deleteItems({ ...at, token })).token).toBe(token);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses a time to live of %d before anything is sent",
    async (ttlMicros) => {
      const { client, seen } = stage();
      const put = client.putItems({ ...at, items: [{ ...item, ttlMicros }] });
      expect((await rejectionOf(put))?.code).toBe("INVALID_ARGUMENT");
      expect(seen).toEqual([]);
    },
  );

  test("reads and deletes everything unless told otherwise", async () => {
    const { client, seen } = stage();
    await client.getItems(at);
    await client.deleteItems(at);
    expect(seen[0]).toMatchObject({
      ...at,
      kind: "get_items",
      predicate: { kind: "match_all" },
      selection: {},
      pageToken: undefined,
    });
    expect(seen[1]).toMatchObject({ kind: "delete_items", predicate: { kind: "match_all" } });
  });

  test("pages() follows tokens over empty pages to the last, and asks for no more than is taken", async () => {
    const tokens = [utf8("1"), utf8("2"), undefined];
    const answers = tokens.map((nextPageToken) => ({ items: [], nextPageToken }));
    const { client, seen } = stage(answers);
    let pages = 0;
    for await (const page of client.pages({ ...at, pageToken: utf8("0") })) {
      expect(page).toEqual(answers[pages]);
      pages += 1;
      expect(seen.length).toBe(pages);
    }
    expect(pages).toBe(3);
    const asked = seen.map((request) => request.kind === "get_items" && request.pageToken);
    expect(asked).toEqual([utf8("0"), utf8("1"), utf8("2")]);
  });

  test("pages() stops where its reader stops, and passes an error on", async () => {
    const { client, seen } = stage([{ items: [], nextPageToken: utf8("1") }]);
    for await (const _page of client.pages(at)) break;
    expect(seen.length).toBe(1);
    const env = steppedEnv();
    const transport: Transport = async () => {
      throw new KvError("DATA_LOSS", "scripted");
    };
    const pages = createClient({ env, transport }).pages(at)[Symbol.asyncIterator]();
    expect((await rejectionOf(pages.next()))?.code).toBe("DATA_LOSS");
  });

  test("keeps what it is not told to change of its limits", async () => {
    const env = steppedEnv();
    let attempts = 0;
    const transport: Transport = async () => {
      attempts += 1;
      throw new KvError("OVERLOADED", "scripted");
    };
    const client = createClient({ env, transport, limits: { attemptsMax: 3 } });
    const rejection = rejectionOf(client.getItems(at));
    await env.advance(10_000_000);
    expect([(await rejection)?.code, attempts, env.pendingTimers()]).toEqual(["OVERLOADED", 3, 0]);
  });
});

type Heard = "UNAVAILABLE" | "TOKEN_FROM_FUTURE" | "applied";
type Under = { readonly token?: IdempotencyToken };
type Mutate = (client: KvClient, under?: Under, options?: CallOptions) => Promise<unknown>;

const MUTATIONS: readonly (readonly [string, Mutate])[] = [
  [
    "putItems",
    (client, under, ...how) => client.putItems({ ...at, items: [item], ...under }, ...how),
  ],
  ["deleteItems", (client, under, ...how) => client.deleteItems({ ...at, ...under }, ...how)],
  [
    "mutateItems",
    (client, under, ...how) =>
      client.mutateItems({ mutations: [{ ...at, put: [item] }], ...under }, ...how),
  ],
];

describe.each(MUTATIONS)("a token of %s, before any server has told its time,", (_name, mutate) => {
  const OWN = WALL_BEGIN + HOUR;

  /** A client whose clock is an hour ahead; servers say to its requests, in their order, what is given. */
  const early = (heard: readonly Heard[], limits: Partial<CallLimits>) => {
    const env = steppedEnv();
    const tokens = monotonicTokens(env);
    const left = [...heard];
    const transport: Transport = async <R extends KvRequest>(request: R) => {
      const told = request.kind === "handshake" ? "UNAVAILABLE" : (left.shift() ?? "applied");
      const applied = told === "UNAVAILABLE" ? "unknown" : "no";
      if (told !== "applied") throw new KvError(told, "scripted", { applied });
      return { outcomes: ["applied"] } as unknown as KvResponseOf<R>;
    };
    env.setWall(OWN);
    return { env, tokens, client: createClient({ env, transport, tokens, limits }) };
  };
  const once = { attemptsMax: 1 };

  test("is forgotten where servers refused it, once the clock is set right", async () => {
    const { env, tokens, client } = early(["TOKEN_FROM_FUTURE"], once);
    expect((await rejectionOf(mutate(client)))?.applied).toBe("no");
    env.setWall(WALL_BEGIN + 10);
    expect(tokens.next().generationTime).toBe(WALL_BEGIN + 10);
  });

  test("is not where an attempt before that may have been taken", async () => {
    const limits = { attemptsMax: 2, backoffBase: 1, backoffMax: 1 };
    const { env, tokens, client } = early(["UNAVAILABLE", "TOKEN_FROM_FUTURE"], limits);
    const rejection = rejectionOf(mutate(client));
    await env.advance(1_000_000);
    expect((await rejection)?.applied).toBe("unknown");
    env.setWall(WALL_BEGIN + 10);
    expect(tokens.next().generationTime).toBe(OWN + 1);
  });

  test.each(["applied", "UNAVAILABLE"] as const)(
    "is not where what is refused repeats a call that ended with %s",
    async (first) => {
      const { env, tokens, client } = early([first, "TOKEN_FROM_FUTURE"], once);
      const token = tokens.next();
      await mutate(client, { token }).catch(() => undefined);
      expect((await rejectionOf(mutate(client, { token })))?.code).toBe("TOKEN_FROM_FUTURE");
      env.setWall(WALL_BEGIN + 10);
      expect(tokens.next().generationTime).toBe(OWN + 1);
    },
  );
});

describe.each(MUTATIONS)("%s under a source of tokens that is asked elsewhere", (_name, mutate) => {
  const under = (next: () => Promise<IdempotencyToken>) => {
    const { env } = stage();
    const tokens = { next, observe: () => undefined, refused: () => undefined };
    const transport: Transport = async () => {
      throw new Error("nothing is to be sent");
    };
    return { env, client: createClient({ env, transport, tokens }) };
  };

  test.each([false, true])(
    "ends with its time, or when the caller gives up (%s), before it has begun",
    async (givesUp) => {
      const { client, env } = under(() => new Promise(() => undefined));
      const caller = countedSignal();
      const options = { timeoutMicros: 5_000, signal: caller.signal };
      const rejection = rejectionOf(mutate(client, {}, options));
      await env.advance(4_999);
      expect([env.pendingTimers(), caller.listeners()]).toEqual([1, 1]);
      if (givesUp) caller.abort();
      else await env.advance(1);
      const code = givesUp ? "CANCELLED" : "DEADLINE_EXCEEDED";
      expect(await rejection).toMatchObject({ code, applied: "no" });
      expect([env.pendingTimers(), caller.listeners()]).toEqual([0, 0]);
    },
  );

  test("leaves nothing of a greeting that its time ends", async () => {
    const { env } = stage();
    const refuse = (): never => {
      throw new KvError("TOKEN_FROM_FUTURE", "scripted");
    };
    const tokens = { next: refuse, observe: () => undefined, refused: () => undefined };
    // As one over a network does, a little after the time of the call.
    const transport: Transport = (_request, { budget }) =>
      new Promise((_resolve, reject) => {
        const late = new KvError("DEADLINE_EXCEEDED", "no answer", { applied: "no" });
        env.timers.after(budget + 10, () => reject(late));
      });
    const client = createClient({ env, transport, tokens });
    const ended = async (): Promise<readonly unknown[]> => {
      const error = await rejectionOf(mutate(client, {}, { timeoutMicros: 5_000 }));
      return [error?.code, error?.applied, env.pendingTimers()];
    };
    const end = ended();
    for (let i = 0; i < 6_000; i += 1) await env.advance(1);
    expect(await end).toEqual(["DEADLINE_EXCEEDED", "no", 0]);
  });

  test("says of whatever the source fails with that nothing was begun", async () => {
    const { client, env } = under(() => Promise.reject(new TypeError("fetch failed")));
    const error = await rejectionOf(mutate(client, {}));
    expect([error?.code, error?.applied, env.pendingTimers()]).toEqual(["INTERNAL", "no", 0]);
  });
});

test.prop([fc.array(fc.integer({ min: -5_000_000, max: 5_000_000 }), { maxLength: 40 })])(
  "monotonicTokens() strictly increases under a clock that steps either way",
  (steps) => {
    const env = steppedEnv();
    const source = monotonicTokens(env);
    let last = source.next();
    for (const step of steps) {
      env.setWall(env.clock.wall() + step);
      const token = source.next();
      expect(compareVersions(putVersion(token, 0), putVersion(last, 0))).toBeGreaterThan(0);
      expect(token.generationTime).toBeGreaterThan(last.generationTime);
      expect(token.nonce).not.toEqual(last.nonce);
      expect(token.nonce.length).toBe(16);
      last = token;
    }
  },
);
