// Goal: collection step by step: what is found is written down beside the chunks, and can be taken back (CHUNK-4).
import { describe, expect, test } from "vitest";
import { decodeOwner } from "../../src/model/chunk.ts";
import { matchAll } from "../../src/model/predicate.ts";
import { DAY, MINUTE } from "../../src/model/time.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { collectChunks } from "../../src/service/collect-chunks.ts";
import { maintain } from "../../src/service/maintain.ts";
import { type ChunkStage, chunkStage, putOf, stageOf, valueOf } from "./chunk-stage.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { WALL_BEGIN } from "../fakes/stepped-env.ts";
import { tokenAt } from "./service-stage.ts";

const SETTLED = 12 * MINUTE + 1;
const GRACE = 5 * MINUTE;

const round = (stage: ChunkStage, rowLimit = 1_000, cursor?: Uint8Array) =>
  collectChunks({ cursor, rowLimit }, stage.namespace, stage.engineCall());

const at = (stage: ChunkStage, time: number): void => stage.env.setWall(WALL_BEGIN + time);

describe("collectChunks()", () => {
  test("dooms in one round what is nobody's, and takes it in one after the grace", async () => {
    const stage = await chunkStage();
    await stage.handle(stageOf(valueOf(100)), stage.call());
    at(stage, SETTLED - MINUTE);
    expect(await round(stage)).toEqual({ doomed: 0, collected: 0, cursor: undefined });
    at(stage, SETTLED);
    expect(await round(stage)).toMatchObject({ doomed: 1, collected: 0 });
    at(stage, SETTLED + GRACE - 1);
    expect(await round(stage)).toMatchObject({ doomed: 0, collected: 0 });
    at(stage, SETTLED + GRACE);
    expect(await round(stage)).toMatchObject({ doomed: 0, collected: 1 });
    expect(await stage.rows()).toEqual([]);
    expect(await round(stage)).toMatchObject({ doomed: 0, collected: 0 });
  });

  test("takes a doom back that a clock ahead wrote, so that the grace begins anew", async () => {
    const stage = await chunkStage();
    await stage.handle(putOf(valueOf(100)), stage.call());
    const [item] = putOf(valueOf(100)).items;
    const expiring = {
      ...putOf(valueOf(100), 1),
      items: [{ ...item, expiresAt: WALL_BEGIN + DAY }],
    };
    await stage.handle(expiring as ReturnType<typeof putOf>, stage.call());
    at(stage, DAY);
    expect(await round(stage)).toMatchObject({ doomed: 2 });
    at(stage, SETTLED);
    await round(stage);
    const dooms = (await stage.rows()).filter(({ row }) => row.key.length === 0);
    expect(dooms.length).toBe(1);
    at(stage, DAY + GRACE);
    expect(await round(stage)).toMatchObject({ doomed: 1, collected: 1 });
    at(stage, DAY + 2 * GRACE);
    expect(await round(stage)).toMatchObject({ doomed: 0, collected: 1 });
    expect(await stage.rows()).toEqual([]);
  });

  test.each(["r", "s"])("keeps what belongs to a damaged item, of %s, and no more", async (id) => {
    const stage = await chunkStage((engine) => ({
      readKeys: async (read, call) => {
        const page = await engine.readKeys(read, call);
        if (read.id !== id || call.consistency !== "all") return page;
        return {
          ...page,
          rows: page.rows.map((row) => ({ ...row, metadata: Uint8Array.of(255) })),
        };
      },
    }));
    for (const record of ["r", "s"]) {
      await stage.handle({ ...putOf(valueOf(100)), id: record }, stage.call());
      await stage.handle({ ...putOf(valueOf(10), 1), id: record }, stage.call());
    }
    at(stage, SETTLED + 1);
    const { doomed, damage } = await round(stage);
    expect([doomed, damage?.code]).toEqual([1, "DATA_LOSS"]);
    at(stage, SETTLED + GRACE + 1);
    const error = await rejectionOf(maintain(stage.namespace, stage.env, neverAborted));
    expect(error?.code).toBe("DATA_LOSS");
    expect(new Set((await stage.rows()).map(({ row }) => decodeOwner(row.metadata)?.id))).toEqual(
      new Set([id]),
    );
  });

  test.each([1, 2, 3, 8])(
    "takes a doom back in steps of %d rows, wherever they end",
    async (rowLimit) => {
      const stage = await chunkStage();
      const all = async (): Promise<void> => {
        let cursor: Uint8Array | undefined;
        do ({ cursor } = await round(stage, rowLimit, cursor));
        while (cursor !== undefined);
      };
      const { items, ...put } = putOf(valueOf(100), 1);
      const expiring = items.map((item) => ({ ...item, expiresAt: WALL_BEGIN + DAY }));
      await stage.handle({ ...put, items: expiring }, stage.call());
      const dooms = async (): Promise<number> =>
        (await stage.rows()).filter(({ row }) => row.key.length === 0).length;
      at(stage, DAY);
      await all();
      expect(await dooms()).toBe(1);
      at(stage, SETTLED);
      await all();
      expect(await dooms()).toBe(0);
    },
  );

  test("goes through the store step by step, whatever the size of a step", async () => {
    const stage = await chunkStage();
    for (let i = 0; i < 5; i += 1) {
      await stage.handle(stageOf(valueOf(100), { id: `r${i}` }), stage.call());
    }
    for (const time of [SETTLED, SETTLED + GRACE]) {
      at(stage, time);
      let cursor: Uint8Array | undefined;
      let steps = 0;
      do {
        ({ cursor } = await round(stage, 3, cursor));
        steps += 1;
      } while (cursor !== undefined);
      expect(steps).toBeGreaterThan(2);
    }
    expect(await stage.rows()).toEqual([]);
  });

  test("leaves nothing when two collect at once, and one dooms after the other collected", async () => {
    const stage = await chunkStage();
    await stage.handle(stageOf(valueOf(100)), stage.call());
    at(stage, SETTLED);
    await round(stage);
    const [doom] = (await stage.rows()).filter(({ row }) => row.key.length === 0);
    at(stage, SETTLED + GRACE);
    await round(stage);
    // The late one's: as if it had looked before the other wrote.
    at(stage, SETTLED + GRACE + 1);
    const version = { ...doom?.row.version, time: WALL_BEGIN + SETTLED + GRACE + 1 };
    const row = { ...doom?.row, version } as NonNullable<typeof doom>["row"];
    const partition = { table: stage.namespace.chunks.table, id: doom?.id ?? "" };
    await stage.namespace.engine.write(partition, [{ kind: "put", row }], stage.engineCall());
    expect((await stage.rows()).length).toBe(1);
    at(stage, 60 * DAY);
    await maintain(stage.namespace, stage.env, neverAborted);
    expect(await stage.rows()).toEqual([]);
  });

  test("passes by what is no chunk", async () => {
    const stage = await chunkStage();
    await stage.handle(stageOf(valueOf(100)), stage.call());
    const [one] = await stage.rows();
    const row = { ...one?.row, metadata: new Uint8Array(0) } as NonNullable<typeof one>["row"];
    const partition = { table: stage.namespace.chunks.table, id: "somebody's" };
    await stage.namespace.engine.write(partition, [{ kind: "put", row }], stage.engineCall());
    at(stage, SETTLED);
    expect(await round(stage)).toMatchObject({ doomed: 1 });
  });
});

test("maintain() tells what a round came to", async () => {
  const stage = await chunkStage();
  await stage.handle(putOf(valueOf(100)), stage.call());
  const removal = { ...putOf(valueOf(1), 1), kind: "delete_items", predicate: matchAll } as const;
  const { items: _, ...request } = removal;
  await stage.handle({ ...request, token: tokenAt(1) }, stage.call());
  const run = () => maintain(stage.namespace, stage.env, neverAborted);
  at(stage, SETTLED);
  expect(await run()).toMatchObject({ chunksDoomed: 1, chunksCollected: 0 });
  at(stage, SETTLED + GRACE);
  expect(await run()).toMatchObject({ chunksDoomed: 0, chunksCollected: 1 });
});
