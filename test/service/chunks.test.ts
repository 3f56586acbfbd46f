// Goal: what a server does with chunks: bounded engine calls, refusals before any of them, and never half a value.
import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/model/bytes.ts";
import { CHUNKS_MAX } from "../../src/model/chunk.ts";
import { KvError } from "../../src/model/error.ts";
import type { ChunkMetadata } from "../../src/model/item.ts";
import { matchAll, matchKeys } from "../../src/model/predicate.ts";
import { HOUR, MINUTE, SECOND } from "../../src/model/time.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { settle } from "../fakes/stepped-env.ts";
import { CHUNKING, chunkStage, getOf, putOf, stageOf, valueOf } from "./chunk-stage.ts";
import { tokenAt } from "./service-stage.ts";

/** Counts the calls of the engine that are out, and tells the most. */
function counted(engine: StorageEngine, verb: "write" | "readRange") {
  let [out, most, calls] = [0, 0, 0];
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    out += 1;
    calls += 1;
    most = Math.max(most, out);
    try {
      await settle();
      return await work();
    } finally {
      out -= 1;
    }
  };
  const verbs: Partial<StorageEngine> =
    verb === "write"
      ? { write: (...args) => around(() => engine.write(...args)) }
      : { readRange: (...args) => around(() => engine.readRange(...args)) };
  return { verbs, told: () => ({ most, calls }) };
}

const chunkOf = async (stage: Awaited<ReturnType<typeof chunkStage>>): Promise<ChunkMetadata> => {
  const { items } = await stage.handle(getOf(CHUNKING), stage.call());
  return items[0]?.metadata.chunk as ChunkMetadata;
};

describe("a server that splits and joins", () => {
  test.each(["write", "readRange"] as const)("has four calls of %s out at most", async (verb) => {
    let counter: ReturnType<typeof counted> | undefined;
    const stage = await chunkStage((engine) => {
      counter = counted(engine, verb);
      return counter.verbs;
    });
    const value = valueOf(16 * 64 * 9);
    await stage.handle(putOf(value), stage.call());
    const { items } = await stage.handle(getOf(), stage.call());
    expect(items[0]?.value).toEqual(value);
    const wanted = verb === "write" ? 10 : 9;
    expect(counter?.told()).toEqual({ most: 4, calls: wanted });
  });

  test("begins no put that its chunks did not come before, and says so", async () => {
    const failing = new KvError("OUTCOME_UNKNOWN", "scripted");
    const puts: string[] = [];
    const stage = await chunkStage((engine) => ({
      write: async (partition, mutations, call) => {
        puts.push(partition.table);
        if (partition.table === "users") return engine.write(partition, mutations, call);
        return mutations.map(() => ({ kind: "failed", error: failing }));
      },
    }));
    const error = await rejectionOf(stage.handle(putOf(valueOf(100)), stage.call()));
    expect([error?.code, error?.applied]).toEqual(["OUTCOME_UNKNOWN", "no"]);
    expect(puts).toEqual(["users_chunks"]);
  });

  test("gives a put no more time than collectors allow for", async () => {
    const deadlines: number[] = [];
    const stage = await chunkStage((engine) => ({
      write: (partition, mutations, call) => {
        deadlines.push(call.deadline);
        return engine.write(partition, mutations, call);
      },
    }));
    const deadline = stage.env.clock.monotonic() + HOUR;
    await stage.handle(putOf(valueOf(100)), stage.call({ deadline }));
    const most = stage.env.clock.monotonic() + MINUTE;
    expect(deadlines).toEqual([most, most]);
  });
});

test.each([
  ["with a limit: another takes its place", { itemLimit: 1 }, ["l"]],
  ["without a limit: it is left out", {}, ["l", "m"]],
])("an item that goes away while it is joined, %s", async (_what, selection, wanted) => {
  const stage = await chunkStage((engine) => ({
    readRange: async (read, call) => {
      if (read.table === "users") return engine.readRange(read, call);
      await stage.handle(deletion, stage.call());
      return { rows: [], rowsExamined: 0, resumeAfter: undefined };
    },
  }));
  const small = ["l", "m"].map((name) => ({ key: utf8(name), value: valueOf(3) }));
  const put = putOf(valueOf(100));
  await stage.handle({ ...put, items: [...put.items, ...small] }, stage.call());
  const { id, namespace, capabilities } = put;
  const key = matchKeys(utf8("k"));
  const deletion = {
    kind: "delete_items",
    namespace,
    id,
    capabilities,
    token: tokenAt(1),
    predicate: key,
  } as const;
  const read = { ...getOf(), predicate: matchAll, selection };
  const { items } = await stage.handle(read, stage.call());
  expect(items.map((item) => item.key)).toEqual(wanted.map(utf8));
});

describe("staging", () => {
  test.each([
    ["nothing", { chunks: [] }, "INVALID_ARGUMENT"],
    ["before the first", { first: -1 }, "INVALID_ARGUMENT"],
    ["half a chunk", { first: 0.5 }, "INVALID_ARGUMENT"],
    ["past the last that there can be", { first: CHUNKS_MAX - 1 }, "INVALID_ARGUMENT"],
    ["chunks of no bytes", { chunkBytes: 0 }, "INVALID_ARGUMENT"],
    ["chunks larger than the engine stores", { chunkBytes: 2 ** 30 }, "INVALID_ARGUMENT"],
    [
      "a short chunk that is not the last",
      { chunks: [valueOf(9), valueOf(9)] },
      "INVALID_ARGUMENT",
    ],
    ["a long chunk", { chunks: [valueOf(17)] }, "INVALID_ARGUMENT"],
    [
      "more than a request may carry",
      { chunkBytes: 2 ** 18, chunks: [valueOf(2 ** 18), valueOf(2 ** 18), valueOf(2)] },
      "TOO_LARGE",
    ],
    ["past the largest value", { first: 2 ** 26 }, "TOO_LARGE"],
    ["under an old token", { token: tokenAt(-10 * MINUTE - 1) }, "TOKEN_FROM_PAST"],
    ["under a token ahead", { token: tokenAt(SECOND + 1) }, "TOKEN_FROM_FUTURE"],
    ["of no record", { id: "" }, "INVALID_ARGUMENT"],
    ["under a long key", { key: new Uint8Array(1001) }, "TOO_LARGE"],
  ] as const)("%s is refused, and nothing is written", async (_, changes, code) => {
    const stage = await chunkStage();
    const staged = stage.handle(stageOf(valueOf(40), changes), stage.call());
    expect((await rejectionOf(staged))?.code).toBe(code);
    expect(await stage.rows()).toEqual([]);
  });

  test("again changes nothing, and chunks of another staging lie elsewhere", async () => {
    const stage = await chunkStage();
    for (let i = 0; i < 2; i += 1) await stage.handle(stageOf(valueOf(40)), stage.call());
    expect((await stage.rows()).map(({ row }) => row.value.length)).toEqual([16, 16, 8]);
    const staging = new Uint8Array(8).fill(1);
    const other = { staging, chunkBytes: 20, chunks: [valueOf(20), valueOf(20)] };
    await stage.handle(stageOf(valueOf(40), other), stage.call());
    expect(new Set((await stage.rows()).map(({ id }) => id)).size).toBe(2);
    expect((await stage.rows()).length).toBe(5);
  });
});

describe("fetching", () => {
  const request = (chunk: ChunkMetadata, first: number, count: number) => ({
    kind: "get_chunks" as const,
    namespace: "users",
    capabilities: CHUNKING,
    id: "r",
    key: utf8("k"),
    chunk,
    first,
    count,
  });

  test("answers the chunks that are asked for", async () => {
    const stage = await chunkStage();
    const value = valueOf(100);
    await stage.handle(putOf(value), stage.call());
    const chunk = await chunkOf(stage);
    const { chunks } = await stage.handle(request(chunk, 5, 2), stage.call());
    expect(chunks).toEqual([value.slice(80, 96), value.slice(96)]);
  });

  test.each([
    [0, 8, {}, "INVALID_ARGUMENT"],
    [7, 1, {}, "INVALID_ARGUMENT"],
    [-1, 1, {}, "INVALID_ARGUMENT"],
    [0, 0, {}, "INVALID_ARGUMENT"],
    [0, 1, { chunkBytes: 0 }, "INVALID_ARGUMENT"],
    [0, 1, { chunkBytes: Number.NaN }, "INVALID_ARGUMENT"],
    [0, 7, { chunkBytes: 2 ** 18 }, "TOO_LARGE"],
    [0, 1, { chunkBytes: 15 }, "DATA_LOSS"],
    [0, 1, { token: tokenAt(1) }, "DATA_LOSS"],
    [0, 1, { token: { ...tokenAt(), generationTime: 0 } }, "INVALID_ARGUMENT"],
  ] as const)("of %d and %d more, as of %j, is %s", async (first, count, changes, code) => {
    const stage = await chunkStage();
    await stage.handle(putOf(valueOf(100)), stage.call());
    const chunk = { ...(await chunkOf(stage)), ...changes };
    const fetched = stage.handle(request(chunk, first, count), stage.call());
    expect((await rejectionOf(fetched))?.code).toBe(code);
  });

  test("goes on over pages of the engine, also such that end between chunks", async () => {
    const stage = await chunkStage((engine) => ({
      readRange: async (read, call) => {
        const page = await engine.readRange({ ...read, rowLimit: 1 }, call);
        const [row] = page.rows;
        // A key that is no chunk's: ports may resume after any.
        return row === undefined ? page : { ...page, resumeAfter: Uint8Array.of(...row.key, 7) };
      },
    }));
    const value = valueOf(100);
    await stage.handle(putOf(value), stage.call());
    const { items } = await stage.handle(getOf(), stage.call());
    expect(items[0]?.value).toEqual(value);
  });
});
