/** Ways to put a cache in front of a primary: kvdal's tier, and those that nearly everybody writes by hand first. */
import { fromUtf8, KvError, MILLISECOND, recordedTelemetry, SECOND, utf8 } from "kvdal";
import type { CacheEngine } from "kvdal/engine";
import { openServers, type ServerParts, type Servers } from "./servers.ts";

/** One of them, at work on numbered items. */
export type Protocol = Servers & {
  /** Reads that the cache answered. */
  readonly hits: () => number;
};

/** What a protocol is opened with. */
export type ProtocolParts = Pick<ServerParts, "env" | "primary"> & { readonly cache: CacheEngine };

/** A protocol before its race. */
export type NamedProtocol = {
  readonly name: string;
  /** For people: what it does. */
  readonly summary: string;
  /** Whether it promises that no read is stale. */
  readonly promises: boolean;
  readonly open: (parts: ProtocolParts) => Promise<Protocol>;
};

/** What becomes of the cache after a write of the primary. */
type AfterWrite = "nothing" | "set" | "delete";

/** kvdal's first. */
export const PROTOCOLS: readonly NamedProtocol[] = [
  {
    name: "kvdal",
    summary: "the tier of a namespace with `cache: {}`",
    promises: true,
    open: openKvdal,
  },
  naive("look-aside", "get; on a miss read the primary and set; entries end after 5 s", "nothing"),
  naive("write-through", "as look-aside, and a write sets after the primary", "set"),
  naive("delete-on-write", "as look-aside, and a write deletes after the primary", "delete"),
];

async function openKvdal({ env, primary, cache }: ProtocolParts): Promise<Protocol> {
  const telemetry = recordedTelemetry();
  const parts = { env: { ...env, telemetry }, primary, cache, name: "kvdal" };
  const servers = await openServers(parts);
  return { ...servers, hits: () => telemetry.counter("cache_hits") };
}

/** Life of an entry; kvdal's live three minutes. */
const NAIVE_TTL = 5 * SECOND;
/** As kvdal's tier waits for a read. */
const NAIVE_PATIENCE = 20 * MILLISECOND;

function naive(name: string, summary: string, afterWrite: AfterWrite): NamedProtocol {
  return { name, summary, promises: false, open: (parts) => openNaive(name, afterWrite, parts) };
}

async function openNaive(
  name: string,
  afterWrite: AfterWrite,
  { env, primary, cache }: ProtocolParts,
): Promise<Protocol> {
  const servers = await openServers({ env, primary, name });
  const keyOf = (item: number): Uint8Array => utf8(`${name} ${item}`);
  const call = (): { deadline: number } => ({ deadline: env.clock.monotonic() + NAIVE_PATIENCE });
  const set = (item: number, n: number): Promise<unknown> =>
    cache.set(keyOf(item), utf8(String(n)), NAIVE_TTL, call());
  let hits = 0;
  return {
    close: servers.close,
    hits: () => hits,
    read: async (item) => {
      const found = await whatever(cache.get(keyOf(item), call()));
      if (found?.kind === "hit") {
        hits += 1;
        return Number(fromUtf8(found.value));
      }
      const n = await servers.read(item);
      await whatever(set(item, n));
      return n;
    },
    write: async (item, n) => {
      await servers.write(item, n);
      if (afterWrite === "set") await whatever(set(item, n));
      if (afterWrite === "delete") await whatever(cache.delete(keyOf(item), call()));
    },
  };
}

/** What came of a command of the cache; undefined when it failed: the cache is only an aid, they say. */
async function whatever<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KvError) return undefined;
    throw error;
  }
}
