/** What the log holds of one list, read and written (MUT-1). */
import { decodeList, decodeState, encodeState, type KnownState } from "../codec/list-form.ts";
import { equalBytes } from "../model/bytes.ts";
import { listKey, type LoggedMutation, tokenAfter } from "../model/mutation-list.ts";
import type { MutationState } from "../model/request.ts";
import type { Micros } from "../model/time.ts";
import type { IdempotencyToken } from "../model/token.ts";
import type { Log } from "../namespace/log.ts";
import type { EngineCall, Mutation } from "../ports/storage-engine.ts";
import {
  bucketIn,
  contentRemovals,
  decodeHead,
  DONE_KEY,
  encodeHead,
  HEAD,
  type Head,
  joinPieces,
  listRecord,
  logRow,
  numbered,
  numberIn,
  OUTCOME,
  PIECE,
  queueRecord,
  readLog,
  SHARDS,
  writeLog,
} from "./log-store.ts";

/** What is known of a list beside its content. */
export type ListRecord = {
  /** Of the form that was accepted first. Undefined once it is done, or when nothing is known of it. */
  readonly head: Head | undefined;
  /** Until when its content stays; 0 without a head. */
  readonly keptUntil: Micros;
  /** Buckets that it was, or was to be, accepted in. */
  readonly buckets: readonly number[];
  /** How many mutations it had, once it is done. */
  readonly done: number | undefined;
  /** By place: the ends that are not simply that of a list that is done. */
  readonly states: ReadonlyMap<number, KnownState>;
};

/** Reads all but the content. */
export async function readListRecord(
  log: Log,
  token: IdempotencyToken,
  call: () => EngineCall,
): Promise<ListRecord> {
  const range = { start: Uint8Array.of(HEAD), end: Uint8Array.of(PIECE) };
  const rows = await readLog(log, listRecord(token), range, call);
  let head: Head | undefined;
  let done: number | undefined;
  let keptUntil = 0;
  const buckets: number[] = [];
  const states = new Map<number, KnownState>();
  for (const { key, value, version } of rows) {
    if (key[0] === HEAD) {
      head ??= decodeHead(value);
      keptUntil = Math.max(keptUntil, version.expiry);
      buckets.push(bucketIn(key));
    } else if (key[0] === OUTCOME) {
      states.set(numberIn(key), decodeState(value));
    } else if (equalBytes(key, DONE_KEY)) {
      done = decodeHead(value).mutations;
    }
  }
  return { head, keptUntil, buckets, done, states };
}

/** The mutations of a list that is not done. Throws DATA_LOSS when they are not all there, or damaged. */
export async function readContent(
  log: Log,
  at: { readonly id: string; readonly nonce: Uint8Array },
  head: Head,
  call: () => EngineCall,
): Promise<readonly LoggedMutation[]> {
  const range = { start: Uint8Array.of(PIECE), end: Uint8Array.of(PIECE + 1) };
  return decodeList(joinPieces(await readLog(log, at.id, range, call), head), at.nonce);
}

/** Of two ends of one mutation the later one in this list holds: what was applied in the end was applied. */
const RANKS: readonly KnownState["kind"][] = ["dead_lettered", "discarded", "applied"];

/**
 * Notes the end of one mutation. While the list is not done the note stays as long as the content does: without it the
 * mutation would be taken for one that is still to be applied.
 */
export function stateRow(
  token: IdempotencyToken,
  place: number,
  state: KnownState,
  expiry: Micros,
): Mutation {
  const version = tokenAfter(token, RANKS.indexOf(state.kind));
  return logRow(numbered(OUTCOME, place), encodeState(state), version, expiry);
}

/**
 * Notes that every mutation of the list has its end, applied where nothing else is noted, and drops its content. Where
 * rows of one write may fail one by one, the note goes first: content that is gone without it would be a list of which
 * nobody knows that it is done.
 *
 * With it go `states`, the ends that were read of some mutations: what a read shows may lie on one copy only, whose
 * writer never came to its end, and a copy may be lost. So is the note itself written again by whoever reads it and
 * then drops what it stands for.
 */
export async function writeDone(
  log: Log,
  token: IdempotencyToken,
  mutations: number,
  call: EngineCall,
  states: ListRecord["states"] = NO_STATES,
): Promise<void> {
  const expiry = call.now + log.statusMicros;
  const value = encodeHead({ mutations, bytes: 0, checksum: 0 });
  const ends = [...states].map(([place, state]) => stateRow(token, place, state, expiry));
  const most = log.engine.capabilities.mutationsPerWriteMax - BESIDE_ENDS;
  while (ends.length > most) await writeLog(log, listRecord(token), ends.splice(0, most), call);
  const note = [logRow(DONE_KEY, value, token, expiry), ...ends];
  const isAtomic = log.engine.capabilities.atomicWrite === "record";
  if (!isAtomic) await writeLog(log, listRecord(token), note, call);
  const removals = contentRemovals(token);
  await writeLog(log, listRecord(token), isAtomic ? [...note, ...removals] : removals, call);
}

/** What one write has beside ends: the note, and two removals. */
const BESIDE_ENDS = 3;

const NO_STATES: ListRecord["states"] = new Map();

/** The states of a list's mutations, in order; none when it was not accepted, or is forgotten. */
export async function listStates(
  log: Log,
  token: IdempotencyToken,
  call: () => EngineCall,
): Promise<readonly MutationState[]> {
  let record = await readListRecord(log, token, call);
  if (record.done === undefined && record.head !== undefined) {
    // What was written of a list that never was accepted must not be told to be on its way.
    if (!(await isMarked(log, token, record.buckets, call))) {
      record = await readListRecord(log, token, call);
      if (record.done === undefined) return [];
    }
  }
  const { done, head, states } = record;
  const otherwise: MutationState = { kind: done === undefined ? "pending" : "applied" };
  return Array.from({ length: done ?? head?.mutations ?? 0 }, (_, i) => states.get(i) ?? otherwise);
}

async function isMarked(
  log: Log,
  token: IdempotencyToken,
  buckets: readonly number[],
  call: () => EngineCall,
): Promise<boolean> {
  const shard = (token.nonce[0] ?? 0) % SHARDS;
  for (const bucket of buckets) {
    const at = { table: log.table, id: queueRecord({ shard, bucket }) };
    const read = { ...at, keys: [listKey(token)], projection: "keys" as const };
    const { rows } = await log.engine.readKeys(read, call());
    if (rows.length > 0) return true;
  }
  return false;
}
