/** A real memcached that loses a share of its commands and comes back elsewhere, behind the cache port. */
import { KvError, MILLISECOND, SECOND } from "kvdal";
import {
  type CacheCall,
  type CacheCapabilities,
  type CacheEngine,
  type EngineContext,
  memcached,
} from "kvdal/engine";
import { sleep } from "kvdal/client";

/** A memcached that may be disturbed. Its address may be another after a restart. */
export type RaceServer = {
  readonly address: () => string;
  /** Kills it and starts it again, empty. */
  readonly restart: () => Promise<void>;
  /** Empties it. */
  readonly flush: () => Promise<void>;
};

/** The cache of one race. */
export type LossyCache = {
  readonly engine: CacheEngine;
  /** Goes on at the server's address of now. */
  readonly reconnect: () => Promise<void>;
  /** Commands so far, and those of them that got no answer by our doing. */
  readonly counts: { readonly commands: number; readonly lost: number };
};

/** Commands of a hundred that get no answer. */
const LOST_PER_CENT = 15;
/** One that arrives late arrives within so long. */
const LATE = 100 * MILLISECOND;

/**
 * Opens it. A command that is lost is not answered before its caller's time is over: most of them never
 * arrive, one in six arrives and its answer does not, one in six arrives late, after others of the same caller.
 */
export async function lossyCache(server: RaceServer, context: EngineContext): Promise<LossyCache> {
  const { clock, timers, random } = context.env;
  const connect = (): Promise<CacheEngine> =>
    memcached({ endpoint: server.address() }).open(context);
  let current = await connect();
  const counts = { commands: 0, lost: 0 };

  async function command<T>(
    call: CacheCall,
    send: (to: CacheEngine, call: CacheCall) => Promise<T>,
  ): Promise<T> {
    counts.commands += 1;
    if (random.below(100) >= LOST_PER_CENT) return send(current, call);
    counts.lost += 1;
    const unheard = (): void => {
      send(current, { deadline: clock.monotonic() + SECOND }).catch(() => undefined);
    };
    const fate = random.below(6);
    if (fate === 0) unheard();
    if (fate === 1) timers.after(random.below(LATE), unheard);
    await sleep(timers, Math.max(0, call.deadline - clock.monotonic()));
    throw new KvError("DEADLINE_EXCEEDED", "the race lost this command", { applied: "unknown" });
  }

  const capabilities: CacheCapabilities = current.capabilities;
  return {
    counts,
    engine: {
      capabilities,
      get: (key, call) => command(call, (to, when) => to.get(key, when)),
      set: (key, value, ttl, call) => command(call, (to, when) => to.set(key, value, ttl, when)),
      add: (key, value, ttl, call) => command(call, (to, when) => to.add(key, value, ttl, when)),
      delete: (key, call) => command(call, (to, when) => to.delete(key, when)),
      close: () => current.close(),
    },
    reconnect: async () => {
      const before = current;
      current = await connect();
      await before.close();
    },
  };
}
