/** What values in chunks cost: reads side by side, and what rounds of clean-up remove, and when. */
import { KvError, type ItemInput, matchKeys, MILLISECOND, SECOND, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { maintain, type MaintenanceReport } from "kvdal/service";
import { difference } from "../exact/exact-call.ts";
import type { ExactCost } from "./exact-cost.ts";
import { errorOf, PLAIN, type Served, type Stage, STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const KEY = utf8("key");
const CHUNKS = 10;
const CHUNK_BYTES = 10;
const LARGE = new Uint8Array(CHUNKS * CHUNK_BYTES).fill(7);
const SMALL = utf8("small");

const GRACE = 10 * SECOND;
/** Nothing can be under way any more after it. */
const SETTLED = 13 * SECOND;

/** The least that goes with such a window. */
const RETENTION = 71 * SECOND;

const OPTIONS = {
  retentionMicros: RETENTION,
  tokens: { maxAge: 10 * SECOND, maxDrift: SECOND },
  chunking: {
    aboveBytes: 20,
    chunkBytes: CHUNK_BYTES,
    requestBytesMax: 2 * CHUNK_BYTES,
    putMicrosMax: SECOND,
    graceMicros: GRACE,
  },
};

const put = (client: KvClient, value: Uint8Array, more: Partial<ItemInput> = {}) =>
  client.putItems({ ...RECORD, items: [{ key: KEY, value, ...more }] });

const SIDE_BY_SIDE: ExactCost = {
  rule: "CHUNK-7",
  says: "a value in ten chunks, two a request: reads, how many of them at a time, and what they take",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve({ options: OPTIONS });
    await put(client, LARGE);
    engine.readMicros = MILLISECOND;
    const took = await stage.timed(() => client.getItems(RECORD));
    // One for the item, and five for its chunks, four of them at a time.
    return difference([engine.reads.length, engine.widest, took], [6, 4, 3 * MILLISECOND]);
  },
};

const ASSEMBLED: ExactCost = {
  rule: "CHUNK-9",
  says: "a value in chunks, for a client that leaves assembling to its server",
  ask: async (stage) => {
    const { client, service } = await stage.serve({ options: OPTIONS });
    await put(client, LARGE);
    const request = {
      ...RECORD,
      kind: "get_items",
      predicate: matchKeys(KEY),
      selection: {},
      pageToken: undefined,
      capabilities: PLAIN,
    } as const;
    const { items } = await service.handle(request, stage.call());
    return difference(
      items.map(({ value }) => value),
      [LARGE],
    );
  },
};

/** One round of clean-up: partitions doomed and collected, and rows removed. */
async function round(stage: Stage, { namespace }: Served): Promise<readonly number[]> {
  const report: MaintenanceReport = await maintain(namespace, stage.env, stage.call().signal);
  return [report.chunksDoomed, report.chunksCollected, report.rowsRemoved];
}

const COLLECTED: ExactCost = {
  rule: "CHUNK-4",
  says: "rounds of clean-up: partitions doomed, partitions collected, rows removed",
  ask: async (stage) => {
    const served = await stage.serve({ options: OPTIONS });
    const { client } = served;
    await put(client, LARGE);
    await put(client, SMALL);
    const rounds = [await round(stage, served)];
    await stage.pass(SETTLED);
    rounds.push(await round(stage, served), await round(stage, served));
    await stage.pass(GRACE);
    rounds.push(await round(stage, served), await round(stage, served));
    const told = stage.telemetry.counter("chunks_collected");
    // The chunks, and the row that says since when they are doomed.
    return difference(
      [rounds, told],
      [
        [
          [0, 0, 0],
          [1, 0, 0],
          [0, 0, 0],
          [0, 1, CHUNKS + 1],
          [0, 0, 0],
        ],
        1,
      ],
    );
  },
};

const EXPIRED: ExactCost = {
  rule: "TTL-1",
  says: "a round of clean-up before and after three items have ended: rows removed",
  ask: async (stage) => {
    const served = await stage.serve({ options: OPTIONS });
    const items = ["a", "b", "c"].map((text) => ({
      key: utf8(text),
      value: SMALL,
      ttlMicros: SECOND,
    }));
    await served.client.putItems({ ...RECORD, items });
    const rounds = [await round(stage, served)];
    await stage.pass(SECOND + RETENTION);
    rounds.push(await round(stage, served), await round(stage, served));
    return difference(rounds, [
      [0, 0, 0],
      [0, 0, 3],
      [0, 0, 0],
    ]);
  },
};

/** A value that is doomed before it is committed, by a clock that is ahead: its grace is that of its overwriting. */
const PARDONED: ExactCost = {
  rule: "CHUNK-4",
  says: "clean-up with a clock ahead while a value is staged, and with a right one once it is put, and overwritten",
  ask: async (stage) => {
    const served = await stage.serve({ options: OPTIONS });
    const { client } = served;
    const staged = Promise.withResolvers<void>();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield LARGE;
      await staged.promise;
    }
    const putting = client.putValue({ ...RECORD, key: KEY }, source());
    await stage.pass(MILLISECOND);
    stage.ahead = SETTLED;
    const rounds = [await round(stage, served)];
    stage.ahead = 0;
    staged.resolve();
    await putting;
    await stage.pass(SETTLED - MILLISECOND);
    const pardons = await stage.engine.writesOf(async () => {
      rounds.push(await round(stage, served));
    });
    await put(client, SMALL);
    await stage.pass(SECOND);
    rounds.push(await round(stage, served));
    const flaw = difference(
      rounds.map(([doomed, collected]) => [doomed, collected]),
      [
        [1, 0],
        [0, 0],
        [1, 0],
      ],
    );
    return flaw ?? difference(pardons, 1);
  },
};

const NOT_DONE: ExactCost = {
  rule: "CHUNK-4",
  says: "a round of clean-up whose write fails",
  ask: async (stage) => {
    const served = await stage.serve({ options: OPTIONS });
    await put(served.client, LARGE);
    await put(served.client, SMALL);
    await stage.pass(SETTLED);
    const error = new KvError("UNAVAILABLE", "the engine is away");
    stage.engine.outcome = { kind: "failed", error };
    const failed = await errorOf(round(stage, served));
    stage.engine.outcome = undefined;
    return difference([failed?.code, await round(stage, served)], ["UNAVAILABLE", [1, 0, 0]]);
  },
};

/** What chunks and their clean-up cost. */
export const CHUNKED: readonly ExactCost[] = [
  SIDE_BY_SIDE,
  ASSEMBLED,
  COLLECTED,
  EXPIRED,
  PARDONED,
  NOT_DONE,
];
