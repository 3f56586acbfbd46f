/** Two servers over one slow primary, and numbers in its items. */
import {
  fromUtf8,
  hmacSha256,
  type Item,
  type KvClient,
  type KvStore,
  matchKeys,
  MILLISECOND,
  monotonicTokens,
  open,
  SECOND,
  utf8,
} from "kvdal";
import type { ClientParts } from "kvdal/client";
import type { CacheEngine, StorageEngine } from "kvdal/engine";
import { slowPrimary } from "./slow-primary.ts";

/** What servers are opened with. */
export type ServerParts = {
  readonly env: ClientParts["env"];
  readonly primary: StorageEngine;
  /** In front of the primary, by kvdal's own tier; undefined for whoever caches beside it. */
  readonly cache?: CacheEngine;
  /** Keeps the records of one race apart from those of another. */
  readonly name: string;
};

/** Numbered values, read and written through either of the servers. */
export type Servers = {
  /** The number that is stored, 0 where there is none. */
  readonly read: (item: number) => Promise<number>;
  readonly write: (item: number, n: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

const NAMESPACE = "cache_race";
/** Items of one record: they share some of the stamps. */
const ITEMS_PER_RECORD = 2;
/** Short beside a race: a command that is lost costs a writer half an attempt. */
const LIMITS = { timeoutMicros: SECOND, attemptTimeoutMicros: 60 * MILLISECOND, retryShare: 1 };

/** Opens them. */
export async function openServers(parts: ServerParts): Promise<Servers> {
  const { env, name } = parts;
  const servers = [await openServer(parts), await openServer(parts)];
  const tokens = monotonicTokens(env);
  const anyClient = (): KvClient => (servers[env.random.below(servers.length)] as KvStore).client;
  const at = (item: number): { namespace: string; id: string } => ({
    namespace: NAMESPACE,
    id: `${name} ${Math.floor(item / ITEMS_PER_RECORD)}`,
  });
  return {
    read: async (item) => {
      const key = keyOf(item);
      // By itself, or among all of its record: the tier keeps both.
      const byKey = env.random.below(2) === 0 ? { predicate: matchKeys(key) } : {};
      const items: Item[] = [];
      // A page may end early, and with nothing on it, where time is short (SLO-2).
      for await (const page of anyClient().pages({ ...at(item), ...byKey })) {
        items.push(...page.items);
      }
      return numberOf(items, key);
    },
    write: async (item, n) => {
      // In the order of the numbers.
      const token = tokens.next();
      const items = [{ key: keyOf(item), value: utf8(String(n)) }];
      await anyClient().putItems({ ...at(item), token, items });
    },
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}

function openServer({ env, primary, cache }: ServerParts): Promise<KvStore> {
  const tier = cache && { name: "shared", open: async () => ({ ...cache, close: nothing }) };
  return open({
    engine: slowPrimary(primary, env),
    ...(tier && { cache: tier }),
    namespaces: [{ name: NAMESPACE, ...(tier && { cache: {} }) }],
    env,
    mac: hmacSha256(env.random.bytes(32)),
    client: { limits: LIMITS },
  });
}

const nothing = async (): Promise<void> => undefined;

function keyOf(item: number): Uint8Array {
  return utf8(`item ${item % ITEMS_PER_RECORD}`);
}

function numberOf(items: readonly Item[], key: Uint8Array): number {
  const text = fromUtf8(key);
  const found = items.find((item) => fromUtf8(item.key) === text);
  return found === undefined ? 0 : Number(fromUtf8(found.value));
}
