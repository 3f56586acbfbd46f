/**
 * User profiles: each user reads the own profile all the time and changes it rarely. Published: read heavy,
 * read-your-writes expected by the same user, rare writes; the namespace of the published example has a cache of 180 s
 * and the target READ_YOUR_WRITES.
 *
 * Here: 5 users, each a client of its own with one record of 5 items, 4 to 48 bytes; one call in 12 writes, or resets an
 * item, and is followed at once by a read of what it wrote; one in 10 looks at somebody else's profile. No expiry. Cache
 * of 180 ms (1 s is 1 ms). A server is lost for 40 ms amid it all, in the place of a region whose users go elsewhere.
 *
 * Own measure: a user sees the own last acknowledged change, or a later one, in the order in which the user made them,
 * whatever tokens say (PUT-3, with a cache CACHE-2).
 */
import { type Micros, MILLISECOND } from "kvdal";
import type { ReadRecord, Violation, WriteRecord } from "../../check/history.ts";
import { between, chance, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import type { Plan } from "../plan.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import {
  cacheOf,
  clientsOf,
  type Drawn,
  namedKeys,
  numbered,
  pageOf,
  putOf,
  smallValuesIn,
  someKeys,
  topologyOf,
} from "./draw.ts";

const KEYS = namedKeys("avatar", "language", "maturity", "name", "settings");
const CACHE_TTL: Micros = 180 * MILLISECOND;
const LOSS = { at: 150 * MILLISECOND, until: 190 * MILLISECOND };

/** The consumer. */
export const userProfiles: Consumer = {
  name: "user-profiles",
  line: "users who read their own profile and change it rarely, and see at once what they changed; a cache; a place is lost",
  isCached: true,
  topologyFrom: (given) => topologyOf(given, 5, 60),
  shape,
  check: checkOwnWrites,
};

function shape({ topology, cache, crashes, namespace }: Plan, random: KeyedRandom): Partial<Plan> {
  const thinkMax = between(random, 0, 6) * MILLISECOND;
  const { clients, servers, operationsPerClient } = topology;
  const lost = clients + random.below(servers);
  return {
    keys: KEYS,
    records: clients,
    namespace: smallValuesIn(namespace),
    operations: Array.from({ length: clients }, (_, user) => {
      const drawn: Drawn[] = [putOf(user, 0, { keys: KEYS.map((_, key) => key), bytes: 4 })];
      while (drawn.length < operationsPerClient) drawn.push(...drawTurn(random, user, thinkMax));
      return numbered(drawn, user, topology, random);
    }),
    cache: cacheOf(cache, CACHE_TTL),
    crashes: [...crashes.filter(({ node }) => node !== lost), { node: lost, ...LOSS }],
  };

  function drawTurn(random: KeyedRandom, user: number, thinkMax: Micros): readonly Drawn[] {
    const think = random.below(thinkMax + 1);
    const keys = someKeys(random, KEYS.length, 3);
    if (chance(random, 1, 12)) {
      const change: Drawn = chance(random, 1, 6)
        ? { kind: "delete_keys", record: user, think, keys }
        : putOf(user, think, { keys, bytes: between(random, 4, 48) });
      return [change, { kind: "get", record: user, think: 0, keys }];
    }
    const record = chance(random, 1, 10) ? random.below(clients) : user;
    if (chance(random, 1, 3)) {
      const bytes = pick(random, [60, 4_096]);
      return [pageOf(record, think, { from: 0, to: KEYS.length, bytes })];
    }
    return [{ kind: "get", record, think, keys }];
  }
}

function checkOwnWrites({ plan, history }: ConsumerView): Violation | undefined {
  const clients = clientsOf(plan.operations);
  const byUser: WriteRecord[][] = [];
  for (const write of history.writes) (byUser[write.client] ??= []).push(write);
  for (const read of history.reads) {
    const user = clients.get(read.operation);
    if (user === undefined || user !== read.record) continue;
    const violation = flawOf(read, byUser[user] ?? []);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** The first key of a read that does not show its reader's own changes; they are in the order in which they were made. */
function flawOf(read: ReadRecord, own: readonly WriteRecord[]): Violation | undefined {
  for (let key = 0; key < KEYS.length; key += 1) {
    const bit = 1 << key;
    if ((read.answered & bit) === 0) continue;
    const before = own.filter(({ keys, begun }) => (keys & bit) !== 0 && begun < read.begun);
    const last = before.findLastIndex(({ acknowledged }) => acknowledged <= read.begun);
    if (last === -1) continue;
    const shown = read.items.find((item) => item.key === key)?.valueFrom;
    const possible = before
      .slice(last)
      .map(({ kind, operation }) => (kind === "put" ? operation : undefined));
    if (possible.includes(shown)) continue;
    const change = before[last] as WriteRecord;
    const found = shown === undefined ? "nothing" : `what operation ${shown} wrote`;
    return {
      rule: read.cached ? "CACHE-2" : "PUT-3",
      what: `user ${read.record} is shown ${found} of ${nameOf(key)}, wanted the own ${change.kind} that was acknowledged before, or a later one`,
      operations: [read.operation, change.operation],
    };
  }
  return undefined;
}

function nameOf(key: number): string {
  return `item ${key}`;
}
