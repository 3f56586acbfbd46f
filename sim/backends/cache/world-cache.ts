/** The cache of a world, on a node of its own: calls travel as engine calls do, are lost, late, or not answered. */
import { KvError, type Micros } from "kvdal";
import { neverAborted, sleep } from "kvdal/client";
import type { CacheCall, CacheCapabilities, CacheEngine, StorageEngine } from "kvdal/engine";
import type { CachePlan } from "../../faults/cache.ts";
import { faultBit } from "../../faults/kinds.ts";
import { faultPlace } from "../../faults/registry/index.ts";
import { lastsAt } from "../../faults/span.ts";
import type { CacheWatch } from "../../world/cache-watch.ts";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32, scale } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { SimNode } from "../../world/node.ts";
import { engineCallKey, requestKey } from "../../world/request-key.ts";
import type { CacheQuestion, Carried } from "../../world/trace.ts";
import type { World } from "../../world/world.ts";
import type { WorldEntries } from "./entries.ts";

/** What the cache of a world is made of. */
export type WorldCacheParts = {
  readonly world: World;
  readonly network: Network;
  readonly node: SimNode;
  /** Nodes before the servers. */
  readonly clients: number;
  readonly plan: CachePlan;
  readonly entries: WorldEntries;
  readonly watch: CacheWatch;
};

const CAPABILITIES: CacheCapabilities = {
  engine: "world-cache",
  valueBytesMax: 4_096,
  ttlGranularity: 1,
  ttlMax: Number.POSITIVE_INFINITY,
};
const [EVICT, SILENT] = [faultBit("cache_evict"), faultBit("cache_silent")];
const [LATE, SLOW_WRITE] = [faultBit("cache_late"), faultBit("cache_slow_write")];
const [FLUSH, CUT_OFF] = [faultBit("cache_flush"), faultBit("cache_cut_off")];
const FAULT = {
  flush: faultPlace("cache_flush"),
  away: faultPlace("cache_away"),
  silent: faultPlace("cache_silent"),
  cutOff: faultPlace("cache_cut_off"),
  slowWrite: faultPlace("cache_slow_write"),
  evict: faultPlace("cache_evict"),
  late: faultPlace("cache_late"),
} as const;
const MILLION = 1_000_000;

/** The cache of one world. */
export class WorldCache {
  readonly #parts: WorldCacheParts;
  /** Why the run proves nothing: a real cache failed by itself. */
  trouble: string | undefined;

  constructor(parts: WorldCacheParts) {
    this.#parts = parts;
    const { world, plan, node, watch, entries } = parts;
    const { tally } = world;
    const flush = (): void => {
      world.touches?.everywhere(FLUSH);
      entries.flush();
      watch.disturbed();
      world.trace?.flushed();
    };
    for (const at of plan.flushes) {
      world.after(at, EVENTS.cacheFlush.code, () => {
        tally.count(FAULT.flush, true);
        flush();
      });
    }
    for (const { at, until } of plan.away) {
      world.after(at, EVENTS.cacheAway.code, () => node.crash());
      world.after(until, EVENTS.cacheBack.code, () => {
        tally.count(FAULT.away, node.missed > 0);
        node.restart();
        flush();
      });
    }
  }

  /** What has been seen of it. */
  get watch(): CacheWatch {
    return this.#parts.watch;
  }

  /** The cache as a server opens it, once a life. */
  open(server: SimNode): CacheEngine {
    const { entries, watch } = this.#parts;
    const engine: CacheEngine = {
      capabilities: CAPABILITIES,
      get: (key, call) =>
        this.#call(server, call, { verb: "get", key }, (now) => entries.get(key, now)),
      set: (key, value, ttl, call) =>
        this.#call(server, call, { verb: "set", key, value }, (now) => {
          watch.replaced(key, value);
          return entries.set(key, value, { now, ttl });
        }),
      add: (key, value, ttl, call) =>
        this.#call(server, call, { verb: "add", key, value }, (now) =>
          entries.add(key, value, { now, ttl }),
        ),
      delete: () => Promise.reject(new KvError("UNSUPPORTED", "nobody deletes here")),
      close: async () => {},
    };
    return watch.over(server, engine);
  }

  /** The primary as a server meets it behind this cache, where writes take their time. */
  behind(server: SimNode, engine: StorageEngine): StorageEngine {
    const { slowWritePpm, slowWriteMax } = this.#parts.plan;
    if (slowWritePpm === 0) return engine;
    const { timers } = server.env();
    return {
      ...engine,
      write: async (partition, mutations, call) => {
        const key = hash32(requestKey(call.signal), mutations.length, 31);
        const isSlow = this.#happens(slowWritePpm, key, 7);
        if (isSlow) this.#befell(server, SLOW_WRITE);
        if (isSlow) this.#parts.world.tally.count(FAULT.slowWrite, true);
        if (isSlow) await sleep(timers, 1 + scale(hash32(key, 8), slowWriteMax));
        return await engine.write(partition, mutations, call);
      },
    };
  }

  #call<T>(
    server: SimNode,
    { deadline, signal = neverAborted }: CacheCall,
    asked: CacheQuestion,
    work: (now: Micros) => T | Promise<T>,
  ): Promise<T> {
    const { network, node } = this.#parts;
    const { trace } = node.world;
    const mutates = asked.verb !== "get";
    const left = deadline - server.monotonic();
    if (left <= 0) return Promise.reject(late("no"));
    const { incarnation } = server;
    return new Promise<T>((resolve, reject) => {
      const key = hash32(engineCallKey(signal), 21);
      const end = server.engineCall(left, () => reject(late(mutates ? "unknown" : "no")));
      const answer = (settle: () => void, result?: unknown): void => {
        if (this.#happens(this.#parts.plan.silentPpm, key, 1)) {
          this.#befell(server, SILENT);
          this.#parts.world.tally.count(FAULT.silent, true);
          return;
        }
        const arrive = (): void => {
          if (server.incarnation !== incarnation) return;
          end();
          settle();
        };
        const lateness = this.#lateness(key, server);
        const carried: Carried | undefined = trace && { kind: "cached", asked, result };
        network.send(node, server, hash32(key, 2), arrive, lateness, carried);
      };
      let hasArrived = false;
      if (this.#isCutOff(server)) {
        this.#befell(server, CUT_OFF);
        this.#parts.world.tally.count(FAULT.cutOff, true);
        return;
      }
      const carried: Carried | undefined = trace && { kind: "cache", ...asked, signal };
      const arrive = (): void => {
        // No adapter sends anything twice, and its connection does not double what it carries.
        if (hasArrived) return;
        hasArrived = true;
        this.#evict(key, server);
        this.#carryOut(work, { resolve, reject, answer });
      };
      network.send(server, node, key, arrive, 0, carried);
    });
  }

  #carryOut<T>(work: (now: Micros) => T | Promise<T>, caller: Caller<T>): void {
    const { world } = this.#parts;
    const { answer, resolve, reject } = caller;
    const { now } = world;
    if (!this.#isReal) {
      const result = work(now) as T;
      answer(() => resolve(result), result);
      return;
    }
    const make = async (): Promise<() => void> => {
      try {
        const result = await work(now);
        return () => answer(() => resolve(result), result);
      } catch (error) {
        this.trouble ??= String(error);
        return () => answer(() => reject(error));
      }
    };
    world.outbox.push({ make });
  }

  get #isReal(): boolean {
    return this.#parts.entries.isReal;
  }

  #isCutOff({ index }: SimNode): boolean {
    const { plan, clients, world } = this.#parts;
    if (plan.cutOff.length === 0 || world.isHealed) return false;
    return plan.cutOff.some((cut) => cut.server === index - clients && lastsAt(cut, world.now));
  }

  #evict(key: number, server: SimNode): void {
    const { entries, watch, plan } = this.#parts;
    if (!this.#happens(plan.evictPpm, key, 3)) return;
    const isGone = entries.evict(hash32(key, 4));
    this.#parts.world.tally.count(FAULT.evict, isGone);
    if (!isGone) return;
    this.#befell(server, EVICT);
    watch.disturbed();
  }

  #lateness(key: number, server: SimNode): Micros {
    const { latePpm, lateMax } = this.#parts.plan;
    if (!this.#happens(latePpm, key, 5)) return 0;
    this.#befell(server, LATE);
    this.#parts.world.tally.count(FAULT.late, true);
    return scale(hash32(key, 6), lateMax);
  }

  #befell(server: SimNode, fault: number): void {
    this.#parts.world.touches?.atNode(server.index, fault);
  }

  #happens(ppm: number, key: number, purpose: number): boolean {
    if (ppm === 0 || this.#parts.world.isHealed) return false;
    return scale(hash32(this.#parts.world.seed, key, purpose, 0xcac), MILLION) < ppm;
  }
}

/** Who waits for a call. */
type Caller<T> = {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
  readonly answer: (settle: () => void, result?: unknown) => void;
};

function late(applied: "no" | "unknown"): KvError {
  return new KvError("DEADLINE_EXCEEDED", "the cache did not answer in time", { applied });
}
