/** The engine of a stage: the one in memory, each call of which is counted, lasts as long as is said, and may fail. */
import type { KvError, Micros } from "kvdal";
import { sleep, type Timers } from "kvdal/client";
import type { KeysRead, Mutation, MutationOutcome, RangeRead, StorageEngine } from "kvdal/engine";

/** Counts what it is asked. */
export class CountingEngine {
  readonly engine: StorageEngine;
  readonly reads: (KeysRead | RangeRead)[] = [];
  readonly writes: (readonly Mutation[])[] = [];
  /** Most reads that were out at a time. */
  widest = 0;
  /** What each read takes. */
  readMicros: Micros = 0;
  /** What becomes of the read that has this number, from 0 on, instead of an answer. */
  failRead: (read: number) => KvError | undefined = () => undefined;
  /** What every mutation comes to; undefined where they are carried out. */
  outcome: MutationOutcome | undefined;
  /** Most rows that one step of a sweep looks at, however many it may. */
  sweepRows: number = Number.POSITIVE_INFINITY;
  #out = 0;
  readonly #timers: Timers;

  constructor(under: StorageEngine, timers: Timers) {
    this.#timers = timers;
    this.engine = {
      ...under,
      // Rows are asked for by count: each of them is one that was wanted.
      capabilities: { ...under.capabilities, pagesByBytes: false },
      readKeys: (read, call) => this.#read(read, () => under.readKeys(read, call)),
      readRange: (read, call) => this.#read(read, () => under.readRange(read, call)),
      write: async (partition, mutations, call) => {
        this.writes.push(mutations);
        const { outcome } = this;
        if (outcome !== undefined) return mutations.map(() => outcome);
        return await under.write(partition, mutations, call);
      },
      sweep: (request, call) => {
        const rowLimit = Math.min(request.rowLimit, this.sweepRows);
        return under.sweep({ ...request, rowLimit }, call);
      },
    };
  }

  /** How many reads the work costs. */
  async readsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.reads.length;
    await work();
    return this.reads.length - before;
  }

  /** How many writes the work costs. */
  async writesOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.writes.length;
    await work();
    return this.writes.length - before;
  }

  async #read<T>(read: KeysRead | RangeRead, work: () => Promise<T>): Promise<T> {
    const error = this.failRead(this.reads.length);
    this.reads.push(read);
    this.#out += 1;
    this.widest = Math.max(this.widest, this.#out);
    try {
      if (this.readMicros > 0) await sleep(this.#timers, this.readMicros);
      if (error !== undefined) throw error;
      return await work();
    } finally {
      this.#out -= 1;
    }
  }
}
