/**
 * Oracle for what readers see: every item that a reader saw is one write's, whole, under the
 * token of its operation, and nothing acknowledged before the read began beats it; what a reader did not see was
 * deleted, expired or not yet acknowledged. Each read is judged by itself, key by key: what keys show together is for the
 * oracle of halves, and that a later read shows no less than an earlier one did is no rule of the contract.
 */
import type { Micros } from "kvdal";
import type { History, Oracle, ReadRecord, SeenItem, Violation, WriteRecord } from "./history.ts";
import { compareOrder } from "./order.ts";
import { isOfElsewhere, owedFrom } from "./owed.ts";
import { exactly } from "./request-words.ts";

const RULES = [
  "DATA-1",
  "CHUNK-1",
  "CHUNK-2",
  "CHUNK-3",
  "NS-4",
  "TOK-4",
  "TOK-5",
  "TOK-6",
  "TOK-8",
  "PUT-3",
  "PUT-4",
  "PAGE-2",
  "DEL-1",
  "DEL-2",
  "DEL-3",
  "DEL-4",
  "DEL-5",
  "DEL-6",
  "TTL-1",
  "TTL-2",
  "SCAN-1",
  "CONS-3",
] as const;
/** The rule of a deletion that hides what was there when it began. */
const HIDES_AT_ONCE = { keys: "DEL-3", range: "DEL-2", record: "DEL-1" } as const;
type ReadRule = (typeof RULES)[number];
type Broken = Violation<ReadRule> | undefined;

/** Judges every read and every traversal by the writes of its record. */
export const readsOracle: Oracle<ReadRule> = { name: "reads", rules: RULES, check: checkReads };

function checkReads(history: History): Broken {
  const puts = new Map<number, WriteRecord>();
  const byRecord: WriteRecord[][] = [];
  for (const write of history.writes) {
    if (write.kind === "put") puts.set(write.operation, write);
    (byRecord[write.record] ??= []).push(write);
  }
  for (const read of history.reads) {
    if (read.byAlias && read.items.length === 0) continue;
    const judge = new ReadJudge(read, byRecord[read.record] ?? [], puts, history);
    const violation = judge.check();
    if (violation !== undefined) return violation;
  }
  return undefined;
}

class ReadJudge {
  readonly #read: ReadRecord;
  readonly #writes: readonly WriteRecord[];
  readonly #puts: ReadonlyMap<number, WriteRecord>;
  readonly #cleanUps: readonly Micros[];
  /** The earliest and latest that the answering server's wall clock can have shown. */
  readonly #wall: { readonly low: Micros; readonly high: Micros };

  constructor(
    read: ReadRecord,
    writes: readonly WriteRecord[],
    puts: ReadonlyMap<number, WriteRecord>,
    history: History,
  ) {
    this.#read = read;
    this.#writes = writes;
    this.#puts = puts;
    this.#cleanUps = history.cleanUps;
    this.#wall = {
      low: history.serverWall(read.begun).low,
      high: history.serverWall(read.ended).high,
    };
  }

  check(): Broken {
    let missing = this.#read.answered;
    for (const item of this.#read.items) {
      missing &= ~(1 << item.key);
      const violation = this.#checkItem(item);
      if (violation !== undefined) return violation;
    }
    for (let key = 0; missing !== 0; key += 1, missing >>>= 1) {
      const violation = (missing & 1) === 1 ? this.#checkAbsence(key) : undefined;
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  #checkItem(item: SeenItem): Broken {
    const put = this.#puts.get(item.valueFrom);
    const at = `key ${item.key} of record ${this.#read.record}`;
    if (
      put === undefined ||
      put.record !== this.#read.record ||
      (put.keys & (1 << item.key)) === 0 ||
      !item.whole
    ) {
      const rule = item.chunked ? "CHUNK-2" : "DATA-1";
      return this.#broken(rule, `${at} holds bytes that no put of it wrote`, item.valueFrom);
    }
    if (item.chunked && (put.chunked & (1 << item.key)) === 0) {
      const what = `${at} comes out of chunks, wanted it inline at its length`;
      return this.#broken("CHUNK-1", what, put.operation);
    }
    if (item.contentFrom !== item.valueFrom) {
      const blend = `value of ${item.valueFrom}, metadata of ${item.contentFrom}`;
      return this.#broken("TOK-6", `${at} blends two writes: ${blend}`, item.valueFrom);
    }
    if (item.writeTime !== put.order.time) {
      const wanted = `its token's ${put.order.time}`;
      return this.#broken(
        "TOK-4",
        `${at} was written at ${item.writeTime}, wanted ${wanted}`,
        put.operation,
      );
    }
    if (item.expiresAt !== put.order.expiry) {
      const wanted = `${put.order.expiry}, as the put fixed it`;
      return this.#broken(
        "TTL-2",
        `${at} expires at ${item.expiresAt}, wanted ${wanted}`,
        put.operation,
      );
    }
    if (put.refused || put.begun >= this.#read.ended) {
      return this.#broken(
        "TOK-8",
        `${at} shows a put that was refused or not begun`,
        put.operation,
      );
    }
    if (put.order.expiry !== 0 && put.order.expiry <= this.#wall.low) {
      const past = exactly(this.#wall.low - put.order.expiry);
      return this.#broken("TTL-1", `${at} shows a put ${past} past its expiry`, put.operation);
    }
    const newest = this.#newestAcknowledged(item.key);
    if (newest !== undefined && compareOrder(newest.order, put.order) > 0) {
      return this.#broken(
        this.#lostAgainst(newest, put),
        `${at} shows an older put than the ${newest.kind} acknowledged before the read began`,
        put.operation,
        newest.operation,
      );
    }
    return undefined;
  }

  #checkAbsence(key: number): Broken {
    const newest = this.#newestAcknowledged(key);
    if (newest === undefined || newest.kind === "delete" || this.#mayBeExpired(newest)) {
      return undefined;
    }
    const excused = this.#writes.some(
      (write) =>
        (write.keys & (1 << key)) !== 0 &&
        write.begun < this.#read.ended &&
        !write.refused &&
        (write.kind === "delete" || this.#mayBeExpired(write)) &&
        compareOrder(write.order, newest.order) > 0,
    );
    if (excused) return undefined;
    const at = `key ${key} of record ${this.#read.record}`;
    if (isOfElsewhere(newest, this.#read)) {
      const what = `${at} is absent in a region that is owed it, though put in another one`;
      return this.#broken("CONS-3", what, newest.operation);
    }
    if (this.#read.byScan) {
      const what = `${at} is absent from a scan, though put before and neither deleted nor expired`;
      return this.#broken("SCAN-1", what, newest.operation);
    }
    if (newest.order.expiry !== 0) {
      const before = exactly(newest.order.expiry - this.#wall.high);
      return this.#broken("TTL-1", `${at} is gone ${before} before its expiry`, newest.operation);
    }
    if (this.#read.byAlias) {
      const what = `${at} is absent from a traversal that began where it is`;
      return this.#broken("NS-4", what, newest.operation);
    }
    const staging = this.#writes.find((write) => this.#mayBeStaging(write, key, newest));
    if (staging !== undefined) {
      const what = `${at} is absent, though the put in chunks after it was not acknowledged`;
      const rule = staging.ended < this.#read.begun ? "CHUNK-3" : "CHUNK-2";
      return this.#broken(rule, what, newest.operation, staging.operation);
    }
    const hider = this.#hiderBefore(key, newest);
    if (hider !== undefined) {
      const isAmidPuts = hider.kind === "delete" && this.#hasPutBefore(key, hider);
      const what = `${at} is absent, though put after the ${hider.kind} that would hide it`;
      return this.#broken(isAmidPuts ? "DEL-6" : "PUT-4", what, newest.operation, hider.operation);
    }
    return this.#broken(
      this.#read.pages.length > 0 ? "PAGE-2" : "PUT-3",
      `${at} is absent, though put and never deleted`,
      newest.operation,
    );
  }

  /** A newer put of the key in chunks, not acknowledged before the read began: it leaves the old value visible. */
  #mayBeStaging(write: WriteRecord, key: number, newest: WriteRecord): boolean {
    return (
      (write.chunked & (1 << key)) !== 0 &&
      write.begun < this.#read.ended &&
      owedFrom(write, this.#read) > this.#read.begun &&
      compareOrder(write.order, newest.order) > 0
    );
  }

  /** An older write of the key that would hide it: a deletion, or a put that has expired. The newest of them. */
  #hiderBefore(key: number, newest: WriteRecord): WriteRecord | undefined {
    const hides = (write: WriteRecord): boolean =>
      (write.keys & (1 << key)) !== 0 &&
      write.begun < this.#read.ended &&
      !write.refused &&
      (write.kind === "delete" || this.#mayBeExpired(write)) &&
      compareOrder(write.order, newest.order) < 0;
    return this.#writes
      .filter(hides)
      .toSorted((a, b) => compareOrder(a.order, b.order))
      .at(-1);
  }

  #hasPutBefore(key: number, hider: WriteRecord): boolean {
    return this.#writes.some(
      ({ kind, keys, order }) =>
        kind === "put" && (keys & (1 << key)) !== 0 && compareOrder(order, hider.order) < 0,
    );
  }

  /** The rule by which the newer write had to win: where the times are equal, everybody elects the same (TOK-6). */
  #lostAgainst(newer: WriteRecord, put: WriteRecord): ReadRule {
    if (isOfElsewhere(newer, this.#read)) return "CONS-3";
    if (newer.kind !== "delete") return newer.order.time === put.order.time ? "TOK-6" : "TOK-5";
    const { ended } = this.#read;
    if (this.#cleanUps.some((at) => at >= newer.begun && at < ended)) return "DEL-5";
    return put.ended > newer.begun ? "DEL-4" : HIDES_AT_ONCE[newer.scope ?? "keys"];
  }

  #mayBeExpired(write: WriteRecord): boolean {
    return write.order.expiry !== 0 && write.order.expiry <= this.#wall.high;
  }

  #newestAcknowledged(key: number): WriteRecord | undefined {
    let newest: WriteRecord | undefined;
    for (const write of this.#writes) {
      if ((write.keys & (1 << key)) === 0) continue;
      if (owedFrom(write, this.#read) > this.#read.begun) continue;
      if (newest === undefined || compareOrder(write.order, newest.order) > 0) newest = write;
    }
    return newest;
  }

  #broken(rule: ReadRule, what: string, ...operations: readonly number[]): Violation<ReadRule> {
    return { rule, what, operations: [this.#read.operation, ...operations] };
  }
}
