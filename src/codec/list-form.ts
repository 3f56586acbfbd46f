/** The stored form of a list of mutations, and of what became of one: what the log keeps (MUT-1, MUT-3). */
import { EMPTY_BYTES, joinBytes, utf8 } from "../model/bytes.ts";
import { ERROR_CODES, KvError } from "../model/error.ts";
import { LIST_BYTES_MAX, type LoggedMutation } from "../model/mutation-list.ts";
import { matchAll, type Predicate, unknownPredicate } from "../model/predicate.ts";
import type { ListedMutation, MutationState, PutItem } from "../model/request.ts";
import { CompactReader, pushNumber, pushText } from "./compact-bytes.ts";
import { decodeMetadata, encodeMetadata } from "./item-metadata.ts";

const FORMAT = 1;
const PUT = 1;
const DELETE_ALL = 2;
const DELETE_RANGE = 3;
const DELETE_KEYS = 4;
const HAS_START = 1;
const HAS_END = 2;

/** Pieces of bytes that are joined once, at the end. */
class Pieces {
  readonly #pieces: Uint8Array[] = [];

  number(value: number): this {
    const digits: number[] = [];
    pushNumber(digits, value);
    this.#pieces.push(Uint8Array.from(digits));
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.number(bytes.length);
    this.#pieces.push(bytes);
    return this;
  }

  /** Nothing is copied before it is known to be no more than `most` bytes. */
  joined(most: number): Uint8Array {
    const length = this.#pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length <= most) return joinBytes(this.#pieces);
    throw new KvError("TOO_LARGE", `list is ${length} bytes, wanted at most ${most}`);
  }
}

/**
 * New bytes: format, count, and each mutation with the time of its token; the nonce is the list's. Throws TOO_LARGE for
 * a list above 4 MiB.
 */
export function encodeList(list: readonly LoggedMutation[]): Uint8Array {
  const to = new Pieces().number(FORMAT).number(list.length);
  for (const { mutation, token } of list) {
    to.number(token.generationTime).bytes(utf8(mutation.namespace)).bytes(utf8(mutation.id));
    if (mutation.kind === "put") pushPut(to, mutation.items);
    else pushDelete(to, mutation.predicate);
  }
  return to.joined(LIST_BYTES_MAX);
}

function pushPut(to: Pieces, items: readonly PutItem[]): void {
  to.number(PUT).number(items.length);
  for (const item of items) {
    to.bytes(item.key).bytes(item.value).bytes(encodeMetadata(item));
    // One more, so that an expiry at 0, which is refused, is not taken for none.
    to.number(item.expiresAt === undefined ? 0 : item.expiresAt + 1);
  }
}

function pushDelete(to: Pieces, predicate: Predicate): void {
  switch (predicate.kind) {
    case "match_all":
      to.number(DELETE_ALL);
      return;
    case "match_range": {
      const { start, end } = predicate.range;
      const flags = (start === undefined ? 0 : HAS_START) | (end === undefined ? 0 : HAS_END);
      to.number(DELETE_RANGE).number(flags);
      if (start !== undefined) to.bytes(start);
      if (end !== undefined) to.bytes(end);
      return;
    }
    case "match_keys":
      to.number(DELETE_KEYS).number(predicate.keys.length);
      for (const key of predicate.keys) to.bytes(key);
      return;
    default:
      throw unknownPredicate(predicate);
  }
}

/** What `encodeList` wrote, under the list's nonce. Throws DATA_LOSS on anything else. */
export function decodeList(bytes: Uint8Array, nonce: Uint8Array): readonly LoggedMutation[] {
  const reader = new CompactReader(bytes, "logged list");
  const format = reader.number();
  if (format !== FORMAT) {
    throw new KvError("DATA_LOSS", `logged list of format ${format}, wanted ${FORMAT}`);
  }
  const list = times(reader.number(), () => {
    const token = { generationTime: reader.number(), nonce };
    return { token, mutation: readMutation(reader) };
  });
  reader.end();
  return list;
}

function readMutation(reader: CompactReader): ListedMutation {
  const at = { namespace: reader.text(), id: reader.text() };
  const kind = reader.number();
  if (kind === PUT) {
    return { ...at, kind: "put", items: times(reader.number(), () => readItem(reader)) };
  }
  return { ...at, kind: "delete", predicate: readPredicate(kind, reader) };
}

function readItem(reader: CompactReader): PutItem {
  const [key, value, metadata] = [some(reader), some(reader), some(reader)];
  const expiry = reader.number();
  const { content, compression } = decodeMetadata(metadata);
  return {
    key,
    value: value.length === 0 ? EMPTY_BYTES : value,
    content,
    compression,
    expiresAt: expiry === 0 ? undefined : expiry - 1,
  };
}

function readPredicate(kind: number, reader: CompactReader): Predicate {
  if (kind === DELETE_ALL) return matchAll;
  if (kind === DELETE_RANGE) {
    const flags = reader.number();
    const start = (flags & HAS_START) === 0 ? undefined : some(reader);
    const end = (flags & HAS_END) === 0 ? undefined : some(reader);
    return { kind: "match_range", range: { start, end } };
  }
  if (kind === DELETE_KEYS) {
    return { kind: "match_keys", keys: times(reader.number(), () => some(reader)) };
  }
  throw new KvError("DATA_LOSS", `logged mutation of kind ${kind}, wanted 1 to ${DELETE_KEYS}`);
}

function some(reader: CompactReader): Uint8Array {
  return reader.bytes(reader.number());
}

/** No array of a length that stored bytes claim: it is as long as there are bytes for. */
function times<T>(count: number, read: () => T): T[] {
  const all: T[] = [];
  for (let i = 0; i < count; i += 1) all.push(read());
  return all;
}

/** Longest reason that is kept, letters. */
const REASON_MAX = 300;
const STATES = ["applied", "dead_lettered", "discarded"] as const;

/** What has become of a mutation, once that is known. */
export type KnownState = Exclude<MutationState, { readonly kind: "pending" }>;

/** New bytes. */
export function encodeState(state: KnownState): Uint8Array {
  const to: number[] = [];
  pushNumber(to, STATES.indexOf(state.kind));
  if (state.kind === "dead_lettered") {
    pushNumber(to, ERROR_CODES.indexOf(state.code));
    pushText(to, state.reason.slice(0, REASON_MAX).toWellFormed());
  }
  return Uint8Array.from(to);
}

/** What `encodeState` wrote. Throws DATA_LOSS on anything else. */
export function decodeState(bytes: Uint8Array): KnownState {
  const reader = new CompactReader(bytes, "logged state");
  const kind = STATES[reader.number()];
  if (kind === undefined) throw new KvError("DATA_LOSS", "logged state is none of the known ones");
  if (kind !== "dead_lettered") return { kind };
  const code = ERROR_CODES[reader.number()] ?? "INTERNAL";
  return { kind, code, reason: reader.text() };
}
