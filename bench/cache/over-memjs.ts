/** The memcached adapter and the bare memjs client: the same commands, keys of one length, entries of as many bytes. */
import { randomBytes } from "node:crypto";
import { concatBytes, MINUTE, SECOND, systemEnv, utf8 } from "kvdal";
import { memcached, wrapCached } from "kvdal/engine";
import { type Contestant, contestValue } from "../compare/contest.ts";

/** The contestants, the bare client first, and the end of them. */
export type OverMemjs = {
  readonly contestants: readonly [Contestant, ...Contestant[]];
  readonly end: () => Promise<void>;
};

type BareClient = {
  readonly get: (key: string) => Promise<{ readonly value: Buffer | null }>;
  readonly set: (key: string, value: Buffer, options: object) => Promise<boolean>;
  readonly close: () => void;
};

const ITEMS = 1000;

/** Opens both. What they store is gone after a minute. */
export async function overMemjs(address: string): Promise<OverMemjs> {
  const space = randomBytes(8);
  const keys = Array.from({ length: ITEMS }, (_, n) => concatBytes(space, utf8(`item ${n}`)));
  const bare = await bareClient(address, keys);
  const adapter = await overAdapter(address, keys);
  return {
    contestants: [bare.contestant, adapter.contestant],
    end: async () => {
      await bare.end();
      await adapter.end();
    },
  };
}

type Side = { readonly contestant: Contestant; readonly end: () => Promise<void> };

/** As anyone would make it, with keys and entries that are made beforehand. */
async function bareClient(address: string, keys: readonly Uint8Array[]): Promise<Side> {
  // @ts-expect-error The package has no types; those above are what is used of it.
  const memjs = (await import("memjs")) as {
    readonly default: { readonly Client: { readonly create: (servers: string) => BareClient } };
  };
  const client = memjs.default.Client.create(address);
  // As long as the adapter's, which are hashes.
  const names = keys.map(() => randomBytes(32).toString("base64"));
  const value = contestValue();
  const entries = keys.map((key) => Buffer.from(wrapCached(key, value)));
  const expires = MINUTE / SECOND;
  const contestant: Contestant = {
    name: "bare memjs",
    put: (n) => client.set(names[n] as string, entries[n] as Buffer, { expires }),
    get: async (n) => {
      const { value: entry } = await client.get(names[n] as string);
      return entry === null ? 0 : entry.length - (entries[n] as Buffer).length + value.length;
    },
  };
  return { contestant, end: async () => client.close() };
}

async function overAdapter(address: string, keys: readonly Uint8Array[]): Promise<Side> {
  const env = systemEnv();
  const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
  const cache = await memcached({ endpoint: address }).open({ env, native });
  const value = contestValue();
  const call = (): { deadline: number } => ({ deadline: env.clock.monotonic() + SECOND });
  const contestant: Contestant = {
    name: "kvdal memcached adapter",
    put: (n) => cache.set(keys[n] as Uint8Array, value, MINUTE, call()),
    get: async (n) => {
      const found = await cache.get(keys[n] as Uint8Array, call());
      return found.kind === "hit" ? found.value.length : 0;
    },
  };
  return { contestant, end: () => cache.close() };
}
