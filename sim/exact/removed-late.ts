/** Calls about what has ended and lies there yet: on engines that remove late it is gone all the same (TTL-1). */
import { DAY, matchKeys, MINUTE, SECOND, utf8 } from "kvdal";
import { neverAborted } from "kvdal/client";
import { differences } from "./difference.ts";
import type { Asked, ExactCall } from "./exact-call.ts";
import { House, HOUSE, HOUSE_LOG } from "./house.ts";

const AT = { namespace: HOUSE, id: "late" };
const [ENDS, STAYS] = ["ends", "stays"].map((text) => utf8(text)) as [Uint8Array, Uint8Array];

/** A house with a log, whose engine gives what has ended as if it had not. */
async function lateHouse(asked: Asked): Promise<House> {
  const house = await House.open(asked, {}, { log: { statusMicros: SECOND } });
  const { store } = house;
  house.instead = {
    readRange: (read, call) => store.readRange(read, { ...call, now: 0 }),
    readKeys: (read, call) => store.readKeys(read, { ...call, now: 0 }),
    scan: (read, call) => store.scan(read, { ...call, now: 0 }),
  };
  return house;
}

const ONE_SECOND = { ttlMicros: SECOND };

const ITEMS: ExactCall = {
  rule: "TTL-1",
  says: "items that have ended, of an engine that removes them late",
  ask: async (asked) => {
    const house = await lateHouse(asked);
    const client = house.client();
    const keys = [ENDS, STAYS];
    const items = keys.map((key) => ({ key, value: key, ...(key === ENDS && ONE_SECOND) }));
    const token = asked.token();
    await client.putItems({ ...AT, items, token });
    const counts = async (): Promise<readonly number[]> => [
      (await client.getItems(AT)).items.length,
      (await client.getItems({ ...AT, predicate: matchKeys(ENDS, STAYS) })).items.length,
      (await client.scanItems({ namespace: HOUSE })).items.length,
      (await client.readValue({ ...AT, key: ENDS })) === undefined ? 0 : 1,
    ];
    const before = await counts();
    // A token may be ahead of the clock.
    house.pass(token.generationTime + SECOND - house.env.clock.wall());
    const after = await counts();
    const ways = ["by a range", "by keys", "by a scan", "as a stream"];
    return differences([
      ...ways.map((way, i) => [`${way} before`, before[i], [2, 2, 2, 1][i]] as const),
      ...ways.map((way, i) => [`${way} after`, after[i], [1, 1, 1, 0][i]] as const),
    ]);
  },
};

/** Nobody applies it for longer than it is kept. */
const NEVER: number = 60 * DAY;

const LISTS: ExactCall = {
  rule: "MUT-1",
  says: "the end of a list, and a list that was never applied, once they are forgotten",
  ask: async (asked) => {
    const house = await lateHouse(asked);
    const client = house.client();
    const mutations = [{ ...AT, put: [{ key: STAYS, value: STAYS }] }];
    const handIn = async (): Promise<string> =>
      (await client.mutateItems({ mutations, token: asked.token() })).requestId;
    const stateOf = async (requestId: string): Promise<string> =>
      (await client.mutationStatus(requestId)).state;
    const apply = async (): Promise<number> => (await house.log.apply(neverAborted)).pending;
    const applied = await handIn();
    await apply();
    const states = [await stateOf(applied)];
    house.pass(SECOND - 1);
    states.push(await stateOf(applied));
    house.pass(1);
    states.push(await stateOf(applied));
    const token = { ...asked.token(), generationTime: house.env.clock.wall() };
    const { requestId } = await client.mutateItems({ mutations, token });
    states.push(await stateOf(requestId));
    house.pass(NEVER);
    states.push(await stateOf(requestId));
    const pending = await apply();
    return differences([
      ["state of one that was applied", states[0], "done"],
      ["its state in the last microsecond in which that is kept", states[1], "done"],
      ["its state a microsecond later", states[2], "unknown"],
      ["state of one that waits", states[3], "pending"],
      ["its state when nobody applied it for sixty days", states[4], "unknown"],
      ["lists that wait then", pending, 0],
    ]);
  },
};

/** Two minutes are what clocks, and what the acceptance of a list takes, may come to. */
const SETTLED = 2 * MINUTE;

const BUCKETS: ExactCall = {
  rule: "MUT-1",
  says: "rows of the index of queues, until no list can come into one any more",
  ask: async (asked) => {
    const house = await House.open(asked, {}, { log: {} });
    const token = asked.token();
    const mutations = [{ ...AT, put: [{ key: STAYS, value: STAYS }] }];
    const now = house.env.clock.wall();
    await house.client().mutateItems({ mutations, token });
    const rows = async (): Promise<number> => {
      await house.log.apply(neverAborted);
      return (await house.rows(HOUSE_LOG, `index-${token.nonce[0]! % 4}`)).length;
    };
    const counts = [await rows()];
    const end = Math.floor(now / MINUTE) * MINUTE + MINUTE;
    house.pass(end + SETTLED - 1 - house.env.clock.wall());
    counts.push(await rows());
    house.pass(1);
    counts.push(await rows());
    return differences([
      ["once the list is applied", counts[0], 1],
      ["in the last microsecond", counts[1], 1],
      ["a microsecond later", counts[2], 0],
    ]);
  },
};

/** In this order. */
export const REMOVED_LATE: readonly ExactCall[] = [ITEMS, LISTS, BUCKETS];
