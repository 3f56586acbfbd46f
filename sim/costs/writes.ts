/** What mutations cost: writes of the engine, and what each of them carries. */
import {
  DAY,
  HOUR,
  type ItemInput,
  matchAll,
  matchKeys,
  matchRange,
  type Predicate,
  utf8,
} from "kvdal";
import { difference, differences, type NamedAnswer } from "../exact/difference.ts";
import type { ExactCost } from "./exact-cost.ts";
import type { CountingEngine } from "./counting-engine.ts";
import { STAGE_NAMESPACE } from "./stage.ts";

const RECORD = { namespace: STAGE_NAMESPACE, id: "record" };
const ITEMS: readonly ItemInput[] = Array.from({ length: 20 }, (_, i) => ({
  key: utf8(`k${String(i).padStart(2, "0")}`),
  value: utf8("value"),
}));
const [, SECOND, THIRD] = ITEMS.map(({ key }) => key) as [Uint8Array, Uint8Array, Uint8Array];

/** Each deletion, the mutations that it is, and the items that are left after it. */
const DELETIONS: readonly (readonly [Predicate, readonly string[], number])[] = [
  [matchRange(undefined, SECOND), ["delete_range"], 19],
  [matchKeys(SECOND, THIRD), ["delete_key", "delete_key"], 17],
  [matchRange(THIRD, undefined), ["delete_range"], 0],
  [matchAll, ["delete_record"], 0],
];

/** Kinds of mutations, write by write. */
async function kindsOf(
  engine: CountingEngine,
  work: () => Promise<unknown>,
): Promise<readonly (readonly string[])[]> {
  const before = engine.writes.length;
  await work();
  return engine.writes.slice(before).map((write) => write.map(({ kind }) => kind));
}

const ONE_WRITE: ExactCost = {
  rule: "PUT-2",
  says: "writes of a put of twenty items, and what is kept of bytes that their owner changes after it",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve();
    const items = ITEMS.map(({ key, value }) => ({ key: key.slice(), value: value.slice() }));
    const kinds = await kindsOf(engine, () => client.putItems({ ...RECORD, items }));
    for (const { key, value } of items) {
      key.fill(0);
      value.fill(0);
    }
    const page = await client.getItems(RECORD);
    const found = page.items.map(({ key, value }) => [key, value]);
    return differences([
      ["mutations, write by write", kinds, [ITEMS.map(() => "put")]],
      ["items that come", found, ITEMS.map(({ key, value }) => [key, value])],
    ]);
  },
};

const DELETED: ExactCost = {
  rule: "DEL-2",
  says: "mutations that deletions are, of ranges, of keys and of all, and items that are left",
  ask: async (stage) => {
    const { engine } = stage;
    const { client } = await stage.serve();
    await client.putItems({ ...RECORD, items: ITEMS });
    const found: NamedAnswer[] = [];
    for (const [predicate, wanted, left] of DELETIONS) {
      const reads = engine.reads.length;
      const kinds = await kindsOf(engine, () => client.deleteItems({ ...RECORD, predicate }));
      const wasRead = engine.reads.length - reads;
      const { length } = (await client.getItems(RECORD)).items;
      const name = `deletion ${found.length / 3 + 1} of ${DELETIONS.length}:`;
      found.push(
        [`${name} mutations, write by write`, kinds, [wanted]],
        [`${name} reads of the engine`, wasRead, 0],
        [`${name} items left`, length, left],
      );
    }
    return differences(found);
  },
};

/** What a deletion of keys is dated by, when its markers may go, and over how long that is spread. */
const TOKEN = { generationTime: 0, nonce: new Uint8Array(16).fill(5) };
const RETENTION = 2 * DAY;

const SPREAD: ExactCost = {
  rule: "DEL-5",
  says: "microseconds after their retention at which the markers of four deleted keys may go, spread over an hour",
  ask: async (stage) => {
    const { engine, env } = stage;
    const options = { retentionMicros: RETENTION, deleteJitterMicros: HOUR };
    const { client } = await stage.serve({ options });
    const generationTime = env.clock.wall();
    const predicate = matchKeys(...ITEMS.slice(0, 4).map(({ key }) => key));
    await client.deleteItems({ ...RECORD, predicate, token: { ...TOKEN, generationTime } });
    const mutations = engine.writes.at(-1) ?? [];
    const found = mutations.map((one) =>
      one.kind === "delete_key" ? one.removeAt - generationTime - RETENTION : undefined,
    );
    // By nonce and key alone: whoever repeats it writes the same.
    return difference(found, [1_541_497_711, 2_593_669_673, 3_271_576_855, 233_689_390]);
  },
};

/** What mutations cost. */
export const WRITES: readonly ExactCost[] = [ONE_WRITE, DELETED, SPREAD];
