/**
 * Readers and writers of a few hot items race over a real memcached that loses commands, is emptied, and is killed and
 * started again meanwhile. Counted are stale reads: those that show less than was acknowledged before they began.
 */
import { KvError, type Micros, MILLISECOND, SECOND } from "kvdal";
import { type ClientParts, sleep } from "kvdal/client";
import type { StorageEngine } from "kvdal/engine";
import { Freshness } from "./freshness.ts";
import { type LossyCache, lossyCache, type RaceServer } from "./lossy-cache.ts";
import type { NamedProtocol, Protocol } from "./protocols.ts";

/** What is raced over. */
export type RaceParts = {
  readonly env: ClientParts["env"];
  readonly primary: StorageEngine;
  readonly server: RaceServer;
  readonly seconds: number;
  /** Called once a second with the figures so far. */
  readonly onProgress?: (soFar: RaceResult, secondsLeft: number) => void;
};

/** What one protocol came to. */
export type RaceResult = {
  readonly protocol: string;
  readonly reads: number;
  readonly staleReads: number;
  /** Reads that the cache answered: with none of them there would be nothing to be stale. */
  readonly cacheHits: number;
  readonly writes: number;
  /** Calls that were not answered, or not acknowledged. */
  readonly failedReads: number;
  readonly failedWrites: number;
  readonly cacheCommands: number;
  readonly lostCommands: number;
  readonly restarts: number;
  readonly flushes: number;
};

type Counts = {
  -readonly [Name in Exclude<keyof RaceResult, "protocol">]: RaceResult[Name];
};

const ITEMS = 24;
const READERS = 20;
const WRITERS = 14;
/** Longest pause of a writer: most reads come between writes, or nothing would ever be cached. */
const WRITER_PAUSE = 40 * MILLISECOND;
/** The server is killed once in so many seconds, and emptied as often. */
const SECONDS_PER_RESTART = 5;

/** Races one protocol. */
export async function race(named: NamedProtocol, parts: RaceParts): Promise<RaceResult> {
  const { env, primary, server } = parts;
  await server.flush();
  const cache = await lossyCache(server, { env, native: (_label, thunk) => thunk() });
  try {
    const protocol = await named.open({ env, primary, cache: cache.engine });
    try {
      return await new Race(named.name, protocol, cache, parts).run();
    } finally {
      await protocol.close();
    }
  } finally {
    await cache.engine.close();
  }
}

class Race {
  readonly #name: string;
  readonly #protocol: Protocol;
  readonly #cache: LossyCache;
  readonly #parts: RaceParts;
  readonly #fresh = new Freshness();
  readonly #end: Micros;
  readonly #counts: Counts = {
    reads: 0,
    staleReads: 0,
    cacheHits: 0,
    writes: 0,
    failedReads: 0,
    failedWrites: 0,
    cacheCommands: 0,
    lostCommands: 0,
    restarts: 0,
    flushes: 0,
  };

  constructor(name: string, protocol: Protocol, cache: LossyCache, parts: RaceParts) {
    this.#name = name;
    this.#protocol = protocol;
    this.#cache = cache;
    this.#parts = parts;
    this.#end = parts.env.clock.monotonic() + parts.seconds * SECOND;
  }

  async run(): Promise<RaceResult> {
    await Promise.all([
      ...Array.from({ length: READERS }, () => this.#read()),
      ...Array.from({ length: WRITERS }, () => this.#write()),
      this.#disturb(),
      this.#tell(),
    ]);
    return this.#result();
  }

  async #read(): Promise<void> {
    while (this.#left() > 0) {
      const item = this.#parts.env.random.below(ITEMS);
      const newest = this.#fresh.newest(item);
      const shown = await answered(this.#protocol.read(item));
      if (shown === undefined) this.#counts.failedReads += 1;
      else {
        this.#counts.reads += 1;
        if (shown < newest) this.#counts.staleReads += 1;
      }
    }
  }

  async #write(): Promise<void> {
    const { timers, random } = this.#parts.env;
    while (this.#left() > 0) {
      const item = random.below(ITEMS);
      const n = this.#fresh.next(item);
      const written = await answered(this.#protocol.write(item, n).then(() => true));
      if (written === undefined) this.#counts.failedWrites += 1;
      else {
        this.#counts.writes += 1;
        this.#fresh.acknowledge(item, n);
      }
      await sleep(timers, random.below(WRITER_PAUSE));
    }
  }

  /** Emptied after a third of each turn, killed after two thirds. */
  async #disturb(): Promise<void> {
    const { env, server, seconds } = this.#parts;
    const turns = Math.max(1, Math.floor(seconds / SECONDS_PER_RESTART));
    const third = Math.floor((seconds * SECOND) / turns / 3);
    const begun = this.#end - seconds * SECOND;
    const until = (thirds: number): Promise<void> =>
      sleep(env.timers, Math.max(0, begun + thirds * third - env.clock.monotonic()));
    for (let turn = 0; turn < turns; turn += 1) {
      await until(3 * turn + 1);
      await server.flush();
      this.#counts.flushes += 1;
      await until(3 * turn + 2);
      await server.restart();
      await this.#cache.reconnect();
      this.#counts.restarts += 1;
    }
  }

  async #tell(): Promise<void> {
    const { env, onProgress } = this.#parts;
    for (let left = this.#left(); left > 0; left = this.#left()) {
      await sleep(env.timers, Math.min(left, SECOND));
      onProgress?.(this.#result(), Math.max(0, Math.round(this.#left() / SECOND)));
    }
  }

  #left(): Micros {
    return this.#end - this.#parts.env.clock.monotonic();
  }

  #result(): RaceResult {
    const { commands, lost } = this.#cache.counts;
    const cacheHits = this.#protocol.hits();
    const ofCache = { cacheHits, cacheCommands: commands, lostCommands: lost };
    return { protocol: this.#name, ...this.#counts, ...ofCache };
  }
}

/** The answer; undefined for a failure that the protocol's user is told of. */
async function answered<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KvError) return undefined;
    throw error;
  }
}
