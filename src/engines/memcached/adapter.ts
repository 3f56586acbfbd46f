/**
 * memcached as a cache, by memjs under supervision: own deadlines, a new client after any anomaly, nothing sent
 * twice, an error never told as a miss (CACHE-3).
 */
import { KvError } from "../../model/error.ts";
import { DAY, type Micros, SECOND } from "../../model/time.ts";
import type {
  CacheAdapter,
  CacheCall,
  CacheCapabilities,
  CacheEngine,
  CacheStored,
} from "../../ports/cache-engine.ts";
import type { EngineContext } from "../../ports/storage-engine.ts";
import { CACHE_KEY_BYTES_MAX, checkCacheKey, checkTtl } from "../shared/cache-guard.ts";
import { ENVELOPE_HEAD_BYTES, unwrap, wrapInto, wrappedBytes } from "../shared/cache-envelope.ts";
import { hashKey } from "./hash-key.ts";
import { loadMemjs, type MemjsClient, statusOf } from "./memjs.ts";
import { type Supervisor, supervise } from "./supervisor.ts";

/** Where memcached is and how it is set up. */
export type MemcachedOptions = {
  /** `host`, `host:port` or `[address]:port`; the port is 11211 unless given. */
  readonly endpoint: string;
  /** The server's limit of an item (its option `-I`), bytes. Default 1 MiB, as memcached's. At least 64 KiB. */
  readonly itemBytesMax?: number;
  /** Requests after which a connection is replaced, 1 to 2^31 - 1: memjs cannot count on. Default 10^9. */
  readonly requestsPerConnectionMax?: number;
};

const ITEM_BYTES_MAX = 1024 * 1024;
const REQUESTS_MAX = 1e9;

/** What memcached takes of an item for itself: head, hashed key, number, and the heads of parts. Ample. */
const ITEM_OVERHEAD_BYTES = 1024;

/** The longest relative expiry: memcached takes a greater number for an instant, long past (TTL-3). */
const TTL_MAX: Micros = 30 * DAY;

/**
 * An adapter of one memcached server. Opening loads memjs (UNSUPPORTED when it is not installed) and checks the
 * endpoint (INVALID_ARGUMENT), but does not connect. Throws `RangeError` for numbers out of bounds.
 */
export function memcached(options: MemcachedOptions): CacheAdapter {
  const { itemBytesMax = ITEM_BYTES_MAX, requestsPerConnectionMax = REQUESTS_MAX } = options;
  if (!(itemBytesMax >= 65_536)) {
    throw new RangeError(`itemBytesMax is ${itemBytesMax}, wanted at least 65536`);
  }
  if (!(requestsPerConnectionMax >= 1 && requestsPerConnectionMax < 2 ** 31)) {
    const wanted = "wanted 1 to 2^31 - 1";
    throw new RangeError(`requestsPerConnectionMax is ${requestsPerConnectionMax}, ${wanted}`);
  }
  return { name: "memcached", open: async (context) => openMemcached(options, context) };
}

async function openMemcached(
  options: MemcachedOptions,
  context: EngineContext,
): Promise<CacheEngine> {
  const { endpoint, itemBytesMax = ITEM_BYTES_MAX } = options;
  const { requestsPerConnectionMax = REQUESTS_MAX } = options;
  const factory = await context.native("open", async () => await loadMemjs(endpoint));
  const supervisor = supervise(factory, requestsPerConnectionMax, context);
  const overhead = ITEM_OVERHEAD_BYTES + ENVELOPE_HEAD_BYTES + CACHE_KEY_BYTES_MAX;
  const capabilities: CacheCapabilities = {
    engine: "memcached",
    valueBytesMax: itemBytesMax - overhead,
    ttlGranularity: SECOND,
    ttlMax: TTL_MAX,
  };
  const store =
    (verb: "set" | "add") =>
    async (
      key: Uint8Array,
      value: Uint8Array,
      ttl: Micros,
      call: CacheCall,
    ): Promise<CacheStored> => {
      checkCacheKey(key);
      checkTtl(ttl);
      const name = hashKey(key);
      const stored =
        value.length <= itemBytesMax
          ? await storeSmall(supervisor, verb, name, wrapped(key, value), ttl, call)
          : "too_large";
      // The server forgets the old entry on a `set` that it refuses as too large, but not on an `add`.
      if (stored === "too_large" && (verb === "add" || value.length > itemBytesMax)) {
        await remove(supervisor, name, call);
      }
      return { kind: stored };
    };
  return {
    capabilities,
    get: async (key, call) => {
      checkCacheKey(key);
      const name = hashKey(key);
      const value = await read(supervisor, name, call);
      const own = value === null ? undefined : unwrap(key, value);
      return own === undefined ? { kind: "miss" } : { kind: "hit", value: own };
    },
    set: store("set"),
    add: store("add"),
    delete: async (key, call) => {
      checkCacheKey(key);
      await remove(supervisor, hashKey(key), call);
    },
    close: async () => supervisor.close(),
  };
}

async function read(supervisor: Supervisor, name: string, call: CacheCall): Promise<Buffer | null> {
  const send = (client: MemjsClient): Promise<unknown> => client.get(name);
  try {
    const answer = await supervisor.request("get", { mutates: false, send }, call);
    return (answer as { readonly value: Buffer | null }).value;
  } catch (error) {
    throw asKvError(error, false);
  }
}

async function storeSmall(
  supervisor: Supervisor,
  verb: "set" | "add",
  name: string,
  bytes: Buffer,
  ttl: Micros,
  call: CacheCall,
): Promise<CacheStored["kind"]> {
  const expires = expirySeconds(ttl);
  const send = (client: MemjsClient): Promise<unknown> => client[verb](name, bytes, { expires });
  try {
    return (await supervisor.request(verb, { mutates: true, send }, call)) ? "stored" : "present";
  } catch (error) {
    if (statusOf(error) === "Value too large") return "too_large";
    throw asKvError(error, true);
  }
}

async function remove(supervisor: Supervisor, name: string, call: CacheCall): Promise<void> {
  const send = (client: MemjsClient): Promise<unknown> => client.delete(name);
  try {
    await supervisor.request("delete", { mutates: true, send }, call);
  } catch (error) {
    throw asKvError(error, true);
  }
}

/**
 * Whole seconds, 1 to 30 days: never 0, which would mean for ever. Rounded up: memcached counts ticks of its own
 * clock, so an entry ends up to a second before that, hence less than a second late.
 */
export function expirySeconds(ttl: Micros): number {
  return Math.max(1, Math.ceil(Math.min(ttl, TTL_MAX) / SECOND));
}

/** What the server answered as an error of ours. It kept the connection, so it has done all it will. */
function asKvError(error: unknown, mutates: boolean): KvError {
  if (error instanceof KvError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const passing = ["Out of memory", "Busy", "Temporary failure"].includes(statusOf(error) ?? "");
  // A refused `set` may have cost the old entry: "not applied" would say too much.
  const applied = mutates ? "unknown" : "no";
  const code = passing ? "UNAVAILABLE" : "INTERNAL";
  return new KvError(code, `memcached answered an error: ${text}`, { applied, cause: error });
}

/** As memjs takes it, from the pool of such buffers: one by itself would cost more than all that is written to it. */
function wrapped(key: Uint8Array, value: Uint8Array): Buffer {
  return wrapInto(Buffer.allocUnsafe(wrappedBytes(key, value)), key, value);
}
