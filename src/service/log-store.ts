/**
 * How the log lies in its table (MUT-1). Each list has a record of its own: a head, the pieces of its stored form, and
 * what became of it. Once all of that is written, a marker in a queue makes it accepted: one small row under the list's
 * name, which says when to try it next. Queues are shards by buckets of acceptance time, so that reads of those that
 * wait do not cross the deletions of all that ever did; an index names the buckets that have not been seen empty and
 * past (log-index.ts). Dead letters have an index too, and a record each.
 *
 * Every row of a list is written under a version that follows from the list alone, so that whatever is done twice, by
 * one applier or by two, has one effect: a marker's removal outlasts every attempt, and of two ends of one mutation the
 * later wins.
 */
import { addToChecksum, CHECKSUM_BEGIN } from "../codec/checksum.ts";
import {
  concatBytes,
  EMPTY_BYTES,
  joinBytes,
  readUint32,
  successor,
  toHex,
  writeUint32,
} from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import { LIST_KEY_BYTES, listKey, tokenAfter } from "../model/mutation-list.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import { deleteVersion, putVersion, readMicros, writeMicros } from "../model/version.ts";
import type { Log } from "../namespace/log.ts";
import type { EngineCall, Mutation, Row } from "../ports/storage-engine.ts";

/** Shards of the queues: for good, or lists that wait would not be found. */
export const SHARDS = 4;
/** Bytes of one piece of a list. */
const PIECE_BYTES = 64 * 1024;
/** Pieces in one write. */
const PIECES_PER_WRITE = 4;
/** Rows that one read of a queue or an index looks at. */
const ROWS_PER_READ = 200;
/** A marker's removal is so much newer than the list, microseconds: no list is tried as often. */
const REMOVED_AFTER: Micros = 1_000_000;

/** Keys of a list's record begin with these; pieces come last, so that the others can be read without them. */
export const HEAD = 0x62;
export const DONE = 0x64;
export const OUTCOME = 0x6f;
export const PIECE = 0x70;
/** The key of the row that says that a list is done. */
export const DONE_KEY: Uint8Array = Uint8Array.of(DONE);

/** Where a list waits. */
export type Queue = { readonly shard: number; readonly bucket: number };

/** What a marker says. */
export type Marker = {
  readonly token: IdempotencyToken;
  readonly queue: Queue;
  /** Attempts begun so far. */
  readonly attempts: number;
  /** By the places of mutations that wait: how often each was refused, in a way that may pass; the others never were. */
  readonly refusals: ReadonlyMap<number, number>;
  /** By a server's wall clock; the first attempt is due at once. */
  readonly notBefore: Micros;
  readonly acceptedAt: Micros;
};

/** What the head of a list says. */
export type Head = {
  readonly mutations: number;
  readonly bytes: number;
  readonly checksum: number;
};

/** Where a list that is accepted now waits. */
export function queueOf({ nonce }: IdempotencyToken, now: Micros, log: Log): Queue {
  return { shard: (nonce[0] ?? 0) % SHARDS, bucket: Math.floor(now / log.bucketMicros) };
}

export const listRecord = (token: IdempotencyToken): string => `list-${toHex(listKey(token))}`;
export const queueRecord = ({ shard, bucket }: Queue): string => `queue-${shard}-${bucket}`;

/** Writes rows of one record. Rejects with the first failure among their outcomes. */
export async function writeLog(
  log: Log,
  id: string,
  mutations: readonly Mutation[],
  call: EngineCall,
): Promise<void> {
  const outcomes = await log.engine.write({ table: log.table, id }, mutations, call);
  const failed = outcomes.find((outcome) => outcome.kind === "failed");
  if (failed !== undefined) throw failed.error;
}

/** The rows of a range of keys: all of them, or the first that there are, `least` or some more. */
export async function readLog(
  log: Log,
  id: string,
  range: { readonly start?: Uint8Array; readonly end?: Uint8Array },
  call: () => EngineCall,
  least: number = Number.POSITIVE_INFINITY,
): Promise<Row[]> {
  const rows: Row[] = [];
  let start = range.start;
  for (;;) {
    const at = { table: log.table, id, reverse: false, projection: "rows" as const };
    const bounds = { rowLimit: ROWS_PER_READ, byteLimit: ROWS_PER_READ * PIECE_BYTES };
    const asked = call();
    const read = { ...at, ...bounds, range: { start, end: range.end } };
    const page = await log.engine.readRange(read, asked);
    // What an engine removes late is gone all the same.
    rows.push(...page.rows.filter(({ version }) => !isOver(version.expiry, asked.now)));
    if (page.resumeAfter === undefined || rows.length >= least) return rows;
    start = successor(page.resumeAfter);
  }
}

function isOver(expiry: Micros, now: Micros): boolean {
  return expiry !== 0 && expiry <= now;
}

/** A row that ends by itself at `expiry`; 0 for never. */
export function logRow(
  key: Uint8Array,
  value: Uint8Array,
  token: IdempotencyToken,
  expiry: Micros,
): Mutation {
  const version = putVersion(token, expiry);
  return { kind: "put", row: { key, value, metadata: EMPTY_BYTES, version } };
}

/** A key of a letter and a number of four bytes. */
export function numbered(letter: number, number: number): Uint8Array {
  return Uint8Array.of(letter, number >>> 24, number >>> 16, number >>> 8, number);
}

/** The number in such a key. */
export function numberIn(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(1);
}

/**
 * Stores bytes in pieces, some in a call. Each bears the checksum of the whole: a list that is handed in again may have
 * another form by then, where an alias was turned or a default changed.
 */
export async function writePieces(
  log: Log,
  at: { readonly id: string; readonly token: IdempotencyToken; readonly expiry: Micros },
  bytes: Uint8Array,
  call: () => EngineCall,
): Promise<void> {
  const rows: Mutation[] = [];
  const { checksum } = headOf(bytes, 0);
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES);
    rows.push(logRow(pieceKey(from / PIECE_BYTES, checksum), piece, at.token, at.expiry));
  }
  for (let from = 0; from < rows.length; from += PIECES_PER_WRITE) {
    await writeLog(log, at.id, rows.slice(from, from + PIECES_PER_WRITE), call());
  }
}

function pieceKey(number: number, checksum: number): Uint8Array {
  const sum = Uint8Array.of(checksum >>> 24, checksum >>> 16, checksum >>> 8, checksum);
  return concatBytes(numbered(PIECE, number), sum);
}

/** What the head must say of these bytes. */
export function headOf(bytes: Uint8Array, mutations: number): Head {
  return { mutations, bytes: bytes.length, checksum: addToChecksum(CHECKSUM_BEGIN, bytes) };
}

/** Twelve bytes. */
export function encodeHead({ mutations, bytes, checksum }: Head): Uint8Array {
  const all = new Uint8Array(12);
  const view = new DataView(all.buffer);
  for (const [place, value] of [mutations, bytes, checksum].entries()) {
    view.setUint32(place * 4, value);
  }
  return all;
}

/** What `encodeHead` was given. */
export function decodeHead(all: Uint8Array): Head {
  const view = new DataView(all.buffer, all.byteOffset);
  return { mutations: view.getUint32(0), bytes: view.getUint32(4), checksum: view.getUint32(8) };
}

/** The pieces of the head's form put together again. Throws DATA_LOSS unless they are all there and unharmed. */
export function joinPieces(pieces: readonly Row[], head: Head): Uint8Array {
  const own = pieces.filter(({ key }) => readUint32(key, key.length - 4) === head.checksum);
  const bytes = joinBytes(own.map(({ value }) => value));
  const { checksum } = headOf(bytes, 0);
  if (bytes.length === head.bytes && checksum === head.checksum) return bytes;
  const found = `${bytes.length} bytes with sum ${checksum}`;
  throw new KvError(
    "DATA_LOSS",
    `logged list has ${found}, wanted ${head.bytes}, ${head.checksum}`,
  );
}

/** The head of a list in the queue of this bucket: one a bucket, should it be handed in again in another. */
export function headKey(bucket: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = HEAD;
  writeMicros(key, 1, bucket);
  return key;
}

/** The bucket in such a key. */
export const bucketIn = (key: Uint8Array): number => readMicros(key, 1);

/** Puts a marker, or one with more attempts or refusals in its place. */
export function markerPut(marker: Marker): Mutation {
  const { token, attempts, refusals, notBefore, acceptedAt } = marker;
  const value = new Uint8Array(MARKER_HEAD_BYTES + refusals.size * REFUSAL_BYTES);
  writeUint32(value, 0, attempts);
  writeMicros(value, 4, notBefore);
  writeMicros(value, 12, acceptedAt);
  let [at, changes] = [MARKER_HEAD_BYTES, attempts];
  for (const [place, count] of refusals) {
    writeUint32(value, at, place);
    writeUint32(value, at + 4, count);
    at += REFUSAL_BYTES;
    changes += count;
  }
  return logRow(listKey(token), value, tokenAfter(token, changes), 0);
}

/** Removes it for good, however often it was put. */
export function markerRemoval(token: IdempotencyToken): Mutation {
  return removal(listKey(token), tokenAfter(token, REMOVED_AFTER));
}

/** Removes heads and pieces for good. What became of the list stays. */
export function contentRemovals(token: IdempotencyToken): readonly Mutation[] {
  const version = deleteVersion(tokenAfter(token, REMOVED_AFTER));
  return [HEAD, PIECE].map((letter) => {
    const range = { start: Uint8Array.of(letter), end: Uint8Array.of(letter + 1) };
    return { kind: "delete_range", range, version };
  });
}

/** Removes a row of the log. */
export function removal(key: Uint8Array, token: IdempotencyToken): Mutation {
  const version = deleteVersion(token);
  return { kind: "delete_key", key, version, removeAt: token.generationTime + REMOVAL_KEPT };
}

/** How long a removal is remembered: longer than anything of the log is under way. */
const REMOVAL_KEPT: Micros = 24 * 3_600_000_000;

/** Markers of a queue, those of early tokens first. */
export async function readMarkers(
  log: Log,
  queue: Queue,
  call: () => EngineCall,
): Promise<readonly Marker[]> {
  const rows = await readLog(log, queueRecord(queue), {}, call);
  return rows.map(({ key, value }) => ({
    token: { generationTime: readMicros(key, 0), nonce: key.slice(8, LIST_KEY_BYTES) },
    queue,
    attempts: readUint32(value, 0),
    refusals: refusalsIn(value),
    notBefore: readMicros(value, 4),
    acceptedAt: readMicros(value, 12),
  }));
}

const MARKER_HEAD_BYTES = 20;
const REFUSAL_BYTES = 8;

function refusalsIn(value: Uint8Array): ReadonlyMap<number, number> {
  const refusals = new Map<number, number>();
  for (let at = MARKER_HEAD_BYTES; at < value.length; at += REFUSAL_BYTES) {
    refusals.set(readUint32(value, at), readUint32(value, at + 4));
  }
  return refusals;
}
