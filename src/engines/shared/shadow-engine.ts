/**
 * A second back end beside the first (NS-6): it gets the writes and, by sample, the reads, so that data can be moved
 * and an engine tried while nobody depends on it. The primary alone decides every answer.
 *
 * A write goes to the shadow when the primary has taken it, or may have: one that was refused must not appear when
 * the shadow becomes the primary (TOK-8). By default nobody waits for it; `wait` is for the time before a promotion,
 * when whoever has an acknowledgement is to find its write in either place. A write that the shadow misses is counted
 * and reported; nothing repeats it, so a shadow with failures is to be filled anew before it is promoted.
 */
import { copyBytes } from "../../model/bytes.ts";
import { KvError } from "../../model/error.ts";
import type { Micros } from "../../model/time.ts";
import type { Env } from "../../ports/env.ts";
import { pause } from "../../ports/pause.ts";
import type { Random } from "../../ports/random.ts";
import type {
  EngineCall,
  Mutation,
  Partition,
  RowsPage,
  StorageEngine,
} from "../../ports/storage-engine.ts";
import { pageDifference } from "./compare-pages.ts";
import { ownMutation, ownRange, ownRow } from "./own-bytes.ts";

/** What is done with the shadow. */
export type ShadowParts = {
  readonly write: boolean;
  /** How long the answer to a write may wait for the shadow's, microseconds; 0 for not at all. */
  readonly wait: Micros;
  /** How many reads of a million are made there, too. */
  readonly readPerMillion: number;
  /** The shadow's table for one of the primary's. */
  readonly tableOf: (table: string) => string;
  readonly env: Env;
  /** Told of all that was not as it should be. */
  readonly onEvent?: ((event: ShadowEvent) => void) | undefined;
};

/** Something that whoever moves data wants to know. */
export type ShadowEvent = {
  readonly kind: "write_failed" | "read_failed" | "mismatch" | "skipped";
  readonly table: string;
  readonly what: string;
};

/** How often what happened. A mismatch may be a write that was under way: what counts is whether they cease. */
export type ShadowCounters = {
  writes: number;
  writeFailures: number;
  reads: number;
  readFailures: number;
  mismatches: number;
  /** Not begun, because too many were under way. */
  skipped: number;
};

/** The primary, with its shadow. `close` ends the shadow's calls and neither of the engines. */
export type ShadowedEngine = {
  readonly engine: StorageEngine;
  readonly counters: Readonly<ShadowCounters>;
  /** Resolves when nothing of the shadow is under way. */
  readonly settled: () => Promise<void>;
};

/** Most calls of a shadow under way; beyond it they are left out (RES-2). */
const SHADOW_CALLS_MAX = 256;

/** The engine that answers as `primary` does and has `shadow` follow. */
export function shadowEngine(
  primary: StorageEngine,
  shadow: StorageEngine,
  parts: ShadowParts,
): ShadowedEngine {
  const follower = new Follower(shadow, parts);
  const engine: StorageEngine = {
    capabilities: primary.capabilities,
    provision: async (spec, call) => {
      await primary.provision(spec, call);
      await follower.provision(spec, call);
    },
    ...shadowedWrites(primary, follower),
    readKeys: async (read, call) => {
      const page = await primary.readKeys(read, call);
      follower.compare(read, page, false, call, (table, own) =>
        shadow.readKeys({ ...read, table, keys: read.keys.map(copyBytes) }, own),
      );
      return page;
    },
    readRange: async (read, call) => {
      const page = await primary.readRange(read, call);
      const range = ownRange(read.range);
      follower.compare(read, page, read.reverse, call, (table, own) =>
        shadow.readRange({ ...read, table, range }, own),
      );
      return page;
    },
    scan: primary.scan,
    sweep: async (request, call) => {
      const outcome = await primary.sweep(request, call);
      await follower.sweep(request, call);
      return outcome;
    },
    close: follower.close,
  };
  return { engine, counters: follower.counters, settled: follower.settled };
}

function shadowedWrites(
  primary: StorageEngine,
  follower: Follower,
): Pick<StorageEngine, "write" | "putIfAbsent"> {
  return {
    write: async (partition, mutations, call) => {
      try {
        const outcomes = await primary.write(partition, mutations, call);
        const taken = mutations.filter((_, i) => {
          const outcome = outcomes[i];
          return outcome?.kind !== "failed" || mayHaveApplied(outcome.error);
        });
        await follower.write(partition, taken, call);
        return outcomes;
      } catch (error) {
        if (mayHaveApplied(error)) await follower.write(partition, mutations, call);
        throw error;
      }
    },
    putIfAbsent: async (partition, row, call) => {
      const put: Mutation = { kind: "put", row };
      try {
        const outcome = await primary.putIfAbsent(partition, row, call);
        if (outcome.kind === "inserted") await follower.write(partition, [put], call);
        return outcome;
      } catch (error) {
        // Whether it is there, the primary alone could say: the shadow may be told too much, never too little.
        if (mayHaveApplied(error)) await follower.write(partition, [put], call);
        throw error;
      }
    },
  };
}

/** Has the shadow do what it is to do, and keeps what came of it to itself. */
class Follower {
  readonly counters: ShadowCounters = {
    writes: 0,
    writeFailures: 0,
    reads: 0,
    readFailures: 0,
    mismatches: 0,
    skipped: 0,
  };
  readonly #shadow: StorageEngine;
  readonly #parts: ShadowParts;
  readonly #random: Random;
  readonly #out = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  /** Where the sweep of each table stands: the shadow has cursors of its own. */
  readonly #cursors = new Map<string, Uint8Array>();

  constructor(shadow: StorageEngine, parts: ShadowParts) {
    this.#shadow = shadow;
    this.#parts = parts;
    this.#random = parts.env.random.fork("reads of a shadow");
  }

  /** Has the shadow write; resolves when it has, or when the caller has waited long enough. */
  async write(
    partition: Partition,
    mutations: readonly Mutation[],
    call: EngineCall,
  ): Promise<void> {
    if (!this.#parts.write || mutations.length === 0) return;
    const table = this.#parts.tableOf(partition.table);
    const { mutationsPerWriteMax: most } = this.#shadow.capabilities;
    const copies = mutations.map(ownMutation);
    const ended = this.#begin("write_failed", table, async () => {
      this.counters.writes += 1;
      for (let first = 0; first < copies.length; first += most) {
        const some = copies.slice(first, first + most);
        const outcomes = await this.#shadow.write({ ...partition, table }, some, this.#own(call));
        for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
      }
    });
    if (ended !== undefined && this.#parts.wait > 0) await this.#waitFor(ended, call);
  }

  /** Never so long that the primary's answer comes too late. */
  async #waitFor(ended: Promise<void>, call: EngineCall): Promise<void> {
    const { env, wait } = this.#parts;
    const half = Math.floor((call.deadline - env.clock.monotonic()) / 2);
    const enough = new AbortController();
    const timeUp = pause(env.timers, Math.max(0, Math.min(wait, half)), enough.signal);
    await Promise.race([ended, timeUp]);
    enough.abort();
  }

  compare(
    {
      table: ofPrimary,
      keys = [],
    }: { readonly table: string; readonly keys?: readonly Uint8Array[] },
    page: RowsPage,
    reverse: boolean,
    call: EngineCall,
    read: (table: string, call: EngineCall) => Promise<RowsPage>,
  ): void {
    const { readPerMillion, tableOf } = this.#parts;
    if (readPerMillion === 0 || this.#random.below(1_000_000) >= readPerMillion) return;
    // More keys than the shadow takes at once: the sample has smaller reads, too.
    if (keys.length > this.#shadow.capabilities.keysPerReadMax) return;
    const table = tableOf(ofPrimary);
    const wanted = { ...page, rows: page.rows.map(ownRow) };
    void this.#begin("read_failed", table, async () => {
      this.counters.reads += 1;
      const found = await read(table, this.#own(call));
      const what = pageDifference(wanted, found, reverse, call.now);
      if (what === undefined) return;
      this.counters.mismatches += 1;
      this.#parts.onEvent?.({ kind: "mismatch", table, what });
    });
  }

  /** A step of the shadow's own sweep beside each of the primary's. */
  async sweep(request: Parameters<StorageEngine["sweep"]>[0], call: EngineCall): Promise<void> {
    const table = this.#parts.tableOf(request.table);
    try {
      const cursor = this.#cursors.get(table);
      const outcome = await this.#shadow.sweep({ ...request, table, cursor }, call);
      if (outcome.cursor === undefined) this.#cursors.delete(table);
      else this.#cursors.set(table, outcome.cursor);
    } catch (error) {
      this.#failed("write_failed", table, error);
    }
  }

  /** A shadow that is not there must not keep the primary from being served. */
  async provision(
    spec: Parameters<StorageEngine["provision"]>[0],
    call: EngineCall,
  ): Promise<void> {
    const table = this.#parts.tableOf(spec.table);
    try {
      await this.#shadow.provision({ ...spec, table }, call);
    } catch (error) {
      this.#failed("write_failed", table, error);
    }
  }

  readonly settled = async (): Promise<void> => {
    while (this.#out.size > 0) await Promise.all(this.#out);
  };

  readonly close = async (): Promise<void> => {
    this.#closing.abort();
    await this.settled();
  };

  #begin(
    failure: "write_failed" | "read_failed",
    table: string,
    work: () => Promise<void>,
  ): Promise<void> | undefined {
    if (this.#out.size >= SHADOW_CALLS_MAX || this.#closing.signal.aborted) {
      this.counters.skipped += 1;
      const what = `${this.#out.size} calls of the shadow are under way, wanted fewer`;
      this.#parts.onEvent?.({ kind: "skipped", table, what });
      return undefined;
    }
    const ended = work()
      .catch((error: unknown) => this.#failed(failure, table, error))
      .finally(() => this.#out.delete(ended));
    this.#out.add(ended);
    return ended;
  }

  #failed(kind: "write_failed" | "read_failed", table: string, error: unknown): void {
    if (kind === "write_failed") this.counters.writeFailures += 1;
    else this.counters.readFailures += 1;
    const what = error instanceof Error ? error.message : String(error);
    this.#parts.onEvent?.({ kind, table, what });
  }

  /** The same deadline, but not the caller's signal: it has its answer, and may give up whatever it likes. */
  #own(call: EngineCall): EngineCall {
    return { ...call, signal: this.#closing.signal };
  }
}

function mayHaveApplied(error: unknown): boolean {
  return !(error instanceof KvError) || error.applied === "unknown";
}
