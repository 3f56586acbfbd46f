/** What values in chunks cost: reads side by side, and what rounds of clean-up remove, and when. */
import { KvError, type ItemInput, matchKeys, MILLISECOND, SECOND, utf8 } from "kvdal";
import type { KvClient } from "kvdal/client";
import { maintain, type MaintenanceReport } from "kvdal/service";
import { difference, differences, tableDifference } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import { errorOf, READ_ALL, type Served, type Stage, STAGE_NAMESPACE } from "./stage.ts";

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
  says: "reading a value in ten chunks, two a request",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve({ options: OPTIONS });
    await put(client, LARGE);
    engine.readMicros = MILLISECOND;
    const took = await stage.timed(() => client.getItems(RECORD));
    // One for the item, and five for its chunks, four of them at a time.
    return differences([
      ["reads", engine.reads.length, 6],
      ["reads at a time", engine.widest, 4],
      ["microseconds that they take", took, 3 * MILLISECOND],
    ]);
  },
};

/** A read of that value by a client that leaves assembling to its server. */
const WHOLE = { ...READ_ALL, predicate: matchKeys(KEY) };

const ASSEMBLED: ExactCost = {
  rule: "CHUNK-9",
  says: "a value in chunks, for a client that leaves assembling to its server",
  ask: async (stage) => {
    const { client, service } = await stage.serve({ options: OPTIONS });
    await put(client, LARGE);
    const { items } = await service.handle(WHOLE, stage.call());
    return difference(
      items.map(({ value }) => value),
      [LARGE],
    );
  },
};

/** What becomes of the first look at chunks, what the whole read comes to, and the reads of the engine that it takes. */
const LOOKS = [
  ["chunks that cannot be read", "UNAVAILABLE", "UNAVAILABLE", 2],
  // The item once more, and its chunks.
  ["chunks that are late", "DATA_LOSS", undefined, 4],
  ["chunks that come", undefined, undefined, 2],
] as const;

const LOOKED_AT: ExactCost = {
  rule: "CHUNK-5",
  says: "reads of a value in chunks that come, are late or cannot be read, by a server and by a client",
  ask: async (stage) => {
    const { engine } = stage;
    const chunking = { ...OPTIONS.chunking, requestBytesMax: LARGE.length };
    const serving = { options: { ...OPTIONS, chunking }, limits: { attemptsMax: 1 } };
    const { client, service } = await stage.serve(serving);
    await put(client, LARGE);
    const ways = [() => service.handle(WHOLE, stage.call()), () => client.getItems(RECORD)];
    const found: (readonly unknown[])[] = [];
    for (const read of ways) {
      for (const [, code] of LOOKS) {
        const chunks = engine.reads.length + 1;
        const error = code === undefined ? undefined : new KvError(code, "as it was scripted");
        engine.failRead = (number) => (number === chunks ? error : undefined);
        let failure: KvError | undefined;
        const reads = await engine.readsOf(async () => {
          failure = await errorOf(read());
        });
        found.push([failure?.code, reads]);
      }
    }
    const rows = ["a server", "a client"].flatMap((by) => LOOKS.map(([of]) => `${of}, by ${by}`));
    const wanted = [...LOOKS, ...LOOKS].map(([, , error, reads]) => [error, reads]);
    return tableDifference({ rows, columns: ["error", "reads"] }, found, wanted);
  },
};

const TOO_LARGE: ExactCost = {
  rule: "CHUNK-9",
  says: "reads of a value in chunks that is too large for a server to assemble",
  ask: async (stage) => {
    const chunking = { ...OPTIONS.chunking, wholeBytesMax: LARGE.length - 1 };
    const { client, service } = await stage.serve({ options: { ...OPTIONS, chunking } });
    await client.getItems(RECORD);
    await put(client, LARGE);
    let error: KvError | undefined;
    const reads = await stage.engine.readsOf(async () => {
      error = await errorOf(service.handle(WHOLE, stage.call()));
    });
    return differences([
      ["error", error?.code, "UNSUPPORTED"],
      ["reads", reads, 1],
    ]);
  },
};

/** What rounds of clean-up are judged by. */
const ROUND = ["partitions doomed", "partitions collected", "rows removed"];

/** One round of clean-up. */
async function round(stage: Stage, { namespace }: Served): Promise<readonly number[]> {
  const report: MaintenanceReport = await maintain(namespace, stage.env, stage.call().signal);
  return [report.chunksDoomed, report.chunksCollected, report.rowsRemoved];
}

const COLLECTED: ExactCost = {
  rule: "CHUNK-4",
  says: "clean-up after a value in chunks was overwritten",
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
    const names = [
      "first round, at once",
      "second round, once the put is settled",
      "third round, at once after it",
      "fourth round, after the grace",
      "fifth round, at once after it",
    ];
    const flaw = tableDifference({ rows: names, columns: ROUND }, rounds, [
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      // The chunks, and the row that says since when they are doomed.
      [0, 1, CHUNKS + 1],
      [0, 0, 0],
    ]);
    return flaw ?? differences([["partitions told to be collected", told, 1]]);
  },
};

const EXPIRED: ExactCost = {
  rule: "TTL-1",
  says: "clean-up of three items that end",
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
    const names = ["round before their end", "round after it", "round after that"];
    return tableDifference({ rows: names, columns: ROUND }, rounds, [
      [0, 0, 0],
      [0, 0, 3],
      [0, 0, 0],
    ]);
  },
};

const STEPS: ExactCost = {
  rule: "TTL-1",
  says: "one round of clean-up of three records that end, by an engine that looks at a row a step",
  ask: async (stage) => {
    const served = await stage.serve({ options: OPTIONS });
    for (const id of ["a", "b", "c"]) {
      const items = [{ key: KEY, value: SMALL, ttlMicros: SECOND }];
      await served.client.putItems({ ...RECORD, id, items });
    }
    // Their tokens, and so their ends, are a microsecond apart.
    await stage.pass(SECOND + RETENTION + MILLISECOND);
    stage.engine.sweepRows = 1;
    const removed = (await round(stage, served))[2];
    return differences([["rows removed", removed, 3]]);
  },
};

/** A value that is doomed before it is committed, by a clock that is ahead: its grace is that of its overwriting. */
const PARDONED: ExactCost = {
  rule: "CHUNK-4",
  says: "clean-up of a value that a clock ahead doomed before it was put",
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
    const found = rounds.map((each) => each.slice(0, 2));
    const names = [
      "round with the clock ahead, while it is staged",
      "round with a right clock, once it is put",
      "round once it is overwritten",
    ];
    const flaw = tableDifference({ rows: names, columns: ROUND.slice(0, 2) }, found, [
      [1, 0],
      [0, 0],
      [1, 0],
    ]);
    return flaw ?? differences([["writes that pardon it", pardons, 1]]);
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
    const again = await round(stage, served);
    const rounds = { rows: ["the round after it"], columns: ROUND };
    return (
      differences([["its error", failed?.code, "UNAVAILABLE"]]) ??
      tableDifference(rounds, [again], [[1, 0, 0]])
    );
  },
};

/** What chunks and their clean-up cost. */
export const CHUNKED: readonly ExactCost[] = [
  SIDE_BY_SIDE,
  ASSEMBLED,
  LOOKED_AT,
  TOO_LARGE,
  COLLECTED,
  EXPIRED,
  STEPS,
  PARDONED,
  NOT_DONE,
];
