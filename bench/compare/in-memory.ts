/** In this process: keyv as it comes, keyv that does not serialize, the memory engine's port, and the whole client. */
import { randomBytes } from "node:crypto";
import { hmacSha256, type KvStore, matchKeys, memory, MINUTE, open, systemEnv, utf8 } from "kvdal";
import { neverAborted } from "kvdal/client";
import type { EngineCall } from "kvdal/engine";
import { type Contestant, contestValue } from "./contest.ts";

const NAMESPACE = "compare";

/** The contestants, keyv first, and the end of them. */
export type InMemory = {
  readonly contestants: readonly [Contestant, ...Contestant[]];
  readonly client: Contestant;
  readonly end: () => Promise<void>;
};

/** Opens all of them. */
export async function inMemory(): Promise<InMemory> {
  const { Keyv } = await import("keyv");
  const value = Buffer.from(contestValue());
  const keyv = (name: string, store: InstanceType<typeof Keyv>): Contestant => ({
    name,
    put: (n) => store.set(`item ${n}`, value),
    get: async (n) => ((await store.get(`item ${n}`)) as Uint8Array).length,
  });
  const store = await open({
    engine: memory(),
    namespaces: [{ name: NAMESPACE }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
  });
  const client = clientOver(store, NAMESPACE);
  const contestants = [
    keyv("keyv", new Keyv()),
    keyv("keyv, no serialization", new Keyv({ serialization: false })),
    enginePort(store),
    client,
  ] as const;
  return { contestants, client, end: () => store.close() };
}

/** The whole client of a store; one item a record. */
export function clientOver({ client }: KvStore, namespace: string): Contestant {
  const value = contestValue();
  const key = utf8("key");
  return {
    name: "kvdal client",
    put: (n) => client.putItems({ namespace, id: `item ${n}`, items: [{ key, value }] }),
    get: async (n) => {
      const predicate = matchKeys(key);
      const { items } = await client.getItems({ namespace, id: `item ${n}`, predicate });
      return items[0]?.value.length ?? 0;
    },
  };
}

function enginePort({ engine }: KvStore): Contestant {
  const { clock } = systemEnv();
  const value = contestValue();
  const metadata = new Uint8Array(0);
  const nonce = new Uint8Array(16);
  const key = utf8("key");
  let time = clock.wall();
  const call = (): EngineCall => ({
    deadline: clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency: "quorum",
    now: clock.wall(),
  });
  const at = (n: number): { table: string; id: string } => ({ table: NAMESPACE, id: `port ${n}` });
  return {
    name: "kvdal memory engine port",
    put: (n) => {
      time += 1;
      const row = { key, value, metadata, version: { time, rank: 0, expiry: 0, nonce } } as const;
      return engine.write(at(n), [{ kind: "put", row }], call());
    },
    get: async (n) => {
      const read = { ...at(n), keys: [key], projection: "rows" } as const;
      return (await engine.readKeys(read, call())).rows[0]?.value.length ?? 0;
    },
  };
}
