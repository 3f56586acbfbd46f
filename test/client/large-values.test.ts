// Goal: what the client sends for a large value, what it makes of losses, and that no source can hold a call (CHUNK-5, 6).
import { describe, expect, test } from "vitest";
import { withinBounds } from "../../src/client/bounded-source.ts";
import { stageStream } from "../../src/client/chunked-upload.ts";
import type { PutItemsInput } from "../../src/client/inputs.ts";
import { createClient, type KvClient } from "../../src/client/kv-client.ts";
import { concatBytes, utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { matchKeys } from "../../src/model/predicate.ts";
import type { KvRequest } from "../../src/model/request.ts";
import { SECOND } from "../../src/model/time.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type { Transport } from "../../src/ports/transport.ts";
import { inProcess } from "../../src/rpc/in-process.ts";
import { countedSignal } from "../fakes/counted-signal.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { LIMITS_TOLD } from "../fakes/server-facts.ts";
import { settle, steppedEnv } from "../fakes/stepped-env.ts";
import { chunkStage, valueOf } from "../service/chunk-stage.ts";

const at = { namespace: "users", id: "r" };
const key = utf8("k");

type Meet = (request: KvRequest) => void | Promise<void>;

/** A client of a real server over the memory engine; `meet` sees each request, and may fail it. */
async function clientStage(meet: Meet = () => undefined) {
  const stage = await chunkStage();
  const seen: KvRequest[] = [];
  const direct = inProcess({ handle: stage.handle }, stage.env);
  const transport: Transport = async (request, call) => {
    seen.push(request);
    await meet(request);
    return direct(request, call);
  };
  const client: KvClient = createClient({ env: stage.env, transport });
  return { ...stage, client, seen, kinds: () => seen.map(({ kind }) => kind) };
}

const lossOf = (times: number) => {
  let left = times;
  return (request: KvRequest): void => {
    if (request.kind === "get_chunks" && left-- > 0) throw new KvError("DATA_LOSS", "scripted");
  };
};

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = [];
  for await (const piece of pieces) list.push(piece);
  return concatBytes(...list);
}

describe("a client that chunks", () => {
  test("leaves a value to the server until it has heard of the bounds, then stages it", async () => {
    const { client, kinds, seen } = await clientStage();
    const items = [{ key, value: valueOf(100) }];
    await client.putItems({ ...at, items });
    expect(kinds()).toEqual(["put_items"]);
    await client.putItems({ ...at, items });
    expect(kinds().slice(1)).toEqual(["handshake", "stage_chunks", "put_items"]);
    const put = seen.at(-1);
    const sent = put?.kind === "put_items" ? put.items[0] : undefined;
    expect([sent?.value.length, sent?.chunk?.count]).toEqual([0, 7]);
  });

  test("asks for the bounds first when a value may be past those of any engine", async () => {
    const { client, kinds } = await clientStage();
    await client.putItems({ ...at, items: [{ key, value: valueOf(128 * 1024 + 1) }] });
    expect(kinds()).toEqual(["handshake", "stage_chunks", "put_items"]);
  });

  test.each([
    [0, ["get_items", "get_chunks"]],
    [1, ["get_items", "get_chunks", "get_items", "get_chunks"]],
  ])(
    "with chunks lost %d times looks at the item again and finds the value",
    async (times, wanted) => {
      const stage = await clientStage(lossOf(times));
      const value = valueOf(100);
      await stage.client.putItems({ ...at, items: [{ key, value }] });
      const { items } = await stage.client.getItems(at);
      expect(items[0]?.value).toEqual(value);
      expect(stage.kinds().slice(1)).toEqual(wanted);
    },
  );

  test.each([
    ["with a limit: another takes its place", { itemLimit: 2 }, ["l", "m"]],
    ["with a limit of one: another takes it", { itemLimit: 1 }, ["l"]],
    ["without a limit: it is left out", {}, ["l", "m"]],
  ])("an item that goes away before its chunks come, %s", async (_what, selection, wanted) => {
    let goes = false;
    const stage = await clientStage(async ({ kind }) => {
      if (kind !== "get_chunks" || !goes) return;
      goes = false;
      await stage.client.deleteItems({ ...at, predicate: matchKeys(key) });
      throw new KvError("DATA_LOSS", "scripted");
    });
    const small = ["l", "m"].map((name) => ({ key: utf8(name), value: valueOf(3) }));
    await stage.client.putItems({ ...at, items: [{ key, value: valueOf(100) }, ...small] });
    goes = true;
    const { items } = await stage.client.getItems({ ...at, selection });
    expect(items.map((item) => item.key)).toEqual(wanted.map(utf8));
  });

  test("fails with DATA_LOSS when they stay lost, whole or as a stream", async () => {
    const stage = await clientStage(lossOf(9));
    await stage.client.putItems({ ...at, items: [{ key, value: valueOf(100) }] });
    expect((await rejectionOf(stage.client.getItems(at)))?.code).toBe("DATA_LOSS");
    const reader = await stage.client.readValue({ ...at, key });
    expect((await rejectionOf(joined(reader?.value ?? (async function* () {})())))?.code).toBe(
      "DATA_LOSS",
    );
  });

  test("a stream finds chunks that were lost once, and gives up a value that is no longer the item's", async () => {
    for (const replaced of [false, true]) {
      const stage = await clientStage(lossOf(1));
      const value = valueOf(100);
      await stage.client.putItems({ ...at, items: [{ key, value }] });
      const reader = await stage.client.readValue({ ...at, key });
      if (replaced) await stage.client.putItems({ ...at, items: [{ key, value: valueOf(90, 1) }] });
      const read = joined(reader?.value ?? (async function* () {})());
      if (replaced) expect((await rejectionOf(read))?.code).toBe("DATA_LOSS");
      else expect(await read).toEqual(value);
    }
  });

  const large = (name: string) => ({ key: utf8(name), value: valueOf(100) });
  test.each<[string, Partial<PutItemsInput>]>([
    ["that has a key twice", { items: [large("k"), large("k")] }],
    ["of which another key is too long", { items: [large("k"), large("x".repeat(1001))] }],
    ["of too many items", { items: Array.from({ length: 1001 }, (_, i) => large(`k${i}`)) }],
    ["of two under a condition", { ifAbsent: true, items: [large("k"), large("l")] }],
    [
      "whose metadata cannot be written down",
      { items: [{ ...large("k"), content: { note: new Uint8Array(70_000) } }] },
    ],
  ])("stages nothing of a put %s: it is refused first", async (_what, input) => {
    const { client, kinds, rows } = await clientStage();
    await client.getItems(at);
    const error = await rejectionOf(client.putItems({ ...at, items: [], ...input }));
    expect([error?.code, error?.applied]).toEqual([
      expect.stringMatching(/INVALID_ARGUMENT|TOO_LARGE/),
      "no",
    ]);
    expect(kinds()).not.toContain("stage_chunks");
    expect(await rows()).toEqual([]);
  });

  test("says that a put whose staging failed was not begun", async () => {
    const { client } = await clientStage(({ kind }) => {
      if (kind === "stage_chunks") throw new KvError("INTERNAL", "scripted");
    });
    const put = client.putValue({ ...at, key }, [valueOf(100)]);
    const error = await rejectionOf(put);
    expect([error?.code, error?.applied]).toEqual(["INTERNAL", "no"]);
  });
});

describe("a source", () => {
  const still = async function* (): AsyncGenerator<Uint8Array> {
    yield valueOf(3);
    await new Promise<never>(() => undefined);
  };

  test("that stands still ends with the time of its call, or when the caller gives up; no timer stays", async () => {
    const env = steppedEnv();
    for (const gives of [false, true]) {
      const caller = countedSignal();
      const deadline = env.clock.monotonic() + SECOND;
      const bounds = { deadline, signal: caller.signal };
      const read = rejectionOf(joined(withinBounds(still(), bounds, env)));
      await settle();
      if (gives) caller.abort();
      else await env.advance(SECOND);
      expect((await read)?.code).toBe(gives ? "CANCELLED" : "DEADLINE_EXCEEDED");
      expect([env.pendingTimers(), caller.listeners()]).toEqual([0, 0]);
    }
  });

  test("that fails to end does not hide why it was told to", async () => {
    const { client } = await clientStage();
    const caller = new AbortController();
    let pieces = 0;
    const source: Iterator<Uint8Array> & Iterable<Uint8Array> = {
      [Symbol.iterator]: () => source,
      next: () => {
        pieces += 1;
        if (pieces === 5) caller.abort();
        return { done: false, value: valueOf(1_000) };
      },
      return: () => {
        throw new Error("cannot end");
      },
    };
    const put = client.putValue({ ...at, key }, source, { signal: caller.signal });
    expect((await rejectionOf(put))?.code).toBe("CANCELLED");
  });

  test("passes its pieces on, whatever it is, and its failure", async () => {
    const env = steppedEnv();
    const bounds = { deadline: env.clock.monotonic() + SECOND, signal: neverAborted };
    const pieces = [valueOf(3), valueOf(0), valueOf(5)];
    expect(await joined(withinBounds(pieces, bounds, env))).toEqual(concatBytes(...pieces));
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield valueOf(3);
      throw new RangeError("no more");
    };
    await expect(joined(withinBounds(failing(), bounds, env))).rejects.toThrow(RangeError);
    expect(env.pendingTimers()).toBe(0);
  });

  test("is told to end when staging fails within its first blocks", async () => {
    let ended = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield valueOf(64 * 1024);
      } finally {
        ended = true;
      }
    };
    const send = async (): Promise<never> => {
      throw new KvError("UNAVAILABLE", "scripted");
    };
    const token = { generationTime: 1, nonce: new Uint8Array(16) };
    const traffic = { limits: LIMITS_TOLD, window: 1, send, random: steppedEnv().random };
    const staging = new Uint8Array(8);
    const staged = stageStream(source(), { ...at, key, token, staging }, traffic);
    expect((await rejectionOf(staged))?.code).toBe("UNAVAILABLE");
    expect(ended).toBe(true);
  });
});
