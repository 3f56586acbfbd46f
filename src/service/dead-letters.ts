/** Dead letters: mutations that could not be applied, kept until an operator retries or discards them (MUT-1). */
import { CompactReader, pushNumber, pushText } from "../codec/compact-bytes.ts";
import { encodeList, type KnownState } from "../codec/list-form.ts";
import { concatBytes, EMPTY_BYTES, fromHex, successor, toHex } from "../model/bytes.ts";
import { ERROR_CODES, KvError, type KvErrorCode } from "../model/error.ts";
import {
  LIST_KEY_BYTES,
  listKey,
  type LoggedMutation,
  listToken,
  requestIdOf,
  tokenAfter,
} from "../model/mutation-list.ts";
import type { IdempotencyToken } from "../model/token.ts";
import { type Log, logCall } from "../namespace/log.ts";
import { deleteVersion } from "../model/version.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { applyMutation } from "./apply-mutation.ts";
import { type ListRecord, readContent, readListRecord, stateRow } from "./list-state.ts";
import type { LogParts } from "./log-parts.ts";
import {
  decodeHead,
  encodeHead,
  headOf,
  listRecord,
  logRow,
  readLog,
  removal,
  SHARDS,
  writeLog,
  writePieces,
} from "./log-store.ts";

/** A dead letter, for operators. */
export type DeadLetter = {
  /** Its own name, for `retry` and `discard`. */
  readonly letterId: string;
  /** The list that it is of; undefined where the mutation is damaged, and no namespace is known to ask by. */
  readonly requestId: string | undefined;
  /** Its place in that list, from 0 on. */
  readonly place: number;
  /** Both are empty where the mutation is damaged. */
  readonly namespace: string;
  readonly id: string;
  readonly code: KvErrorCode;
  readonly reason: string;
};

/** Where a letter lies. */
type LetterPlace = { readonly token: IdempotencyToken; readonly place: number };

const HEAD_BYTES = 12;
const KEY_BYTES = LIST_KEY_BYTES + 4;
const indexOf = ({ token }: LetterPlace): string => `letters-${(token.nonce[0] ?? 0) % SHARDS}`;

function letterKey({ token, place }: LetterPlace): Uint8Array {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, place);
  return concatBytes(listKey(token), number);
}

function letterRecord(at: LetterPlace): string {
  return `letter-${toHex(letterKey(at))}`;
}

/** Longest reason that is kept, letters. */
const REASON_MAX = 300;

/**
 * Makes a dead letter of a mutation, content first; the list's own record says so in the end. Without its mutation,
 * where that is damaged in the log, it has no content and can only be discarded. Safe to repeat.
 */
export async function writeLetter(
  { log }: LogParts,
  at: LetterPlace & Pick<ListRecord, "keptUntil">,
  logged: LoggedMutation | undefined,
  error: KvError,
  call: () => EngineCall,
): Promise<void> {
  const { token } = at;
  const bytes = logged === undefined ? EMPTY_BYTES : encodeList([logged]);
  await writePieces(log, { id: letterRecord(at), token, expiry: 0 }, bytes, call);
  const said: number[] = [];
  pushNumber(said, ERROR_CODES.indexOf(error.code));
  const reason = error.message.slice(0, REASON_MAX).toWellFormed();
  const { namespace = "", id = "" } = logged?.mutation ?? {};
  for (const text of [namespace, id, reason]) pushText(said, text);
  const value = concatBytes(encodeHead(headOf(bytes, 1)), Uint8Array.from(said));
  await writeLog(log, indexOf(at), [logRow(letterKey(at), value, token, 0)], call());
  await note(log, at, { kind: "dead_lettered", code: error.code, reason }, call());
}

/** Notes in the list's own record what became of the mutation, for as long as it can be asked about or applied. */
async function note(
  log: Log,
  { token, place, keptUntil }: LetterPlace & Pick<ListRecord, "keptUntil">,
  state: KnownState,
  call: EngineCall,
): Promise<void> {
  const expiry = Math.max(call.now + log.statusMicros, keptUntil);
  await writeLog(log, listRecord(token), [stateRow(token, place, state, expiry)], call);
}

/** An operator's view of the dead letters of a log. */
export type DeadLetters = {
  /** Some of them, in no order that means anything; from after the letter of that name, or from the first. */
  readonly list: (after?: string, signal?: AbortSignal) => Promise<readonly DeadLetter[]>;
  /**
   * Applies one now, under the token that it always had: of no effect where a newer write is. Rejects as that does,
   * also when it is too late by now (TOKEN_FROM_PAST), and the letter stays.
   */
  readonly retry: (letterId: string, signal?: AbortSignal) => Promise<void>;
  /** Removes one, content and all: its mutation will not be applied. */
  readonly discard: (letterId: string, signal?: AbortSignal) => Promise<void>;
};

/** Most letters that one look gives. */
const LISTED_MAX = 100;

/** The dead letters, by way of this server. */
export function deadLetters(parts: LogParts): DeadLetters {
  const { log, env } = parts;
  const callOf = (signal: AbortSignal) => (): EngineCall => logCall(log, env, signal);
  return {
    list: (after, signal = neverAborted) => listLetters(parts, after, callOf(signal)),
    retry: async (letterId, signal = neverAborted) => {
      const call = callOf(signal);
      const { at, head } = await find(parts, letterId, call);
      const content = { id: letterRecord(at), nonce: at.token.nonce };
      const [logged] = await readContent(log, content, head, call);
      await applyMutation(logged as LoggedMutation, parts, signal);
      await forget(parts, at, "applied", call);
    },
    discard: async (letterId, signal = neverAborted) => {
      const call = callOf(signal);
      const { at } = await find(parts, letterId, call);
      await forget(parts, at, "discarded", call);
    },
  };
}

/** Notes how a letter ended, then removes it. */
async function forget(
  { log }: LogParts,
  at: LetterPlace,
  kind: "applied" | "discarded",
  call: () => EngineCall,
): Promise<void> {
  const { keptUntil } = await readListRecord(log, at.token, call);
  await note(log, { ...at, keptUntil }, { kind }, call());
  // A tick later than the letter: an applier that comes late with the same letter does not bring it back.
  const later = tokenAfter(at.token, 1);
  await writeLog(log, indexOf(at), [removal(letterKey(at), later)], call());
  const version = deleteVersion(later);
  await writeLog(log, letterRecord(at), [{ kind: "delete_record", version }], call());
}

async function listLetters(
  { log }: LogParts,
  after: string | undefined,
  call: () => EngineCall,
): Promise<readonly DeadLetter[]> {
  const from = after === undefined ? undefined : placeOf(after);
  const letters: DeadLetter[] = [];
  const first = from === undefined ? 0 : (from.token.nonce[0] ?? 0) % SHARDS;
  for (let shard = first; shard < SHARDS && letters.length < LISTED_MAX; shard += 1) {
    const start =
      from !== undefined && shard === first ? { start: successor(letterKey(from)) } : {};
    const rows = await readLog(log, `letters-${shard}`, start, call, LISTED_MAX);
    letters.push(...rows.map(({ key, value }) => toLetter(key, value)));
  }
  return letters.slice(0, LISTED_MAX);
}

function toLetter(key: Uint8Array, value: Uint8Array): DeadLetter {
  const reader = new CompactReader(value.slice(HEAD_BYTES), "dead letter");
  const code = ERROR_CODES[reader.number()] ?? "INTERNAL";
  const [namespace, id, reason] = [reader.text(), reader.text(), reader.text()];
  const place = new DataView(key.buffer, key.byteOffset).getUint32(LIST_KEY_BYTES);
  const requestId = namespace === "" ? undefined : requestIdOf(listToken(key), namespace);
  return { letterId: toHex(key), requestId, place, namespace, id, code, reason };
}

/** Throws INVALID_ARGUMENT for what is no letter's name, or the name of none that there is. */
async function find(
  { log }: LogParts,
  letterId: string,
  call: () => EngineCall,
): Promise<{ readonly at: LetterPlace; readonly head: ReturnType<typeof decodeHead> }> {
  const at = placeOf(letterId);
  const key = letterKey(at);
  const [row] = await readLog(log, indexOf(at), { start: key, end: successor(key) }, call);
  if (row === undefined) throw noLetter(letterId);
  return { at, head: decodeHead(row.value) };
}

function placeOf(letterId: string): LetterPlace {
  if (letterId.length !== 2 * KEY_BYTES || !/^[0-9a-f]+$/.test(letterId)) throw noLetter(letterId);
  const key = fromHex(letterId);
  const place = new DataView(key.buffer, key.byteOffset).getUint32(LIST_KEY_BYTES);
  return { token: listToken(key), place };
}

function noLetter(letterId: string): KvError {
  return new KvError("INVALID_ARGUMENT", `dead letter is ${letterId}, wanted one that is listed`);
}
