/** Lists of mutations: what is handed in at once, across records and namespaces, and what becomes of each (MUT-1). */
import { concatBytes, fromHex, toHex } from "./bytes.ts";
import { KvError } from "./error.ts";
import type { ListedMutation } from "./request.ts";
import { isMicros, type Micros } from "./time.ts";
import { type IdempotencyToken, NONCE_BYTES } from "./token.ts";
import { readMicros, writeMicros } from "./version.ts";

/** Most mutations of one list (RES-2). */
export const LIST_MUTATIONS_MAX = 1_000;
/** Most bytes of one list as it is logged (RES-2). */
export const LIST_BYTES_MAX: number = 4 * 1024 * 1024;

/** A mutation as it stands in the log: its token was assigned when it was handed in (MUT-3). */
export type LoggedMutation = {
  readonly mutation: ListedMutation;
  readonly token: IdempotencyToken;
};

/**
 * The token of the mutation so many places after the first. Each is a tick later than the one before it, so that a
 * deletion precedes the put that follows it and does not erase it (MUT-2).
 */
export function tokenAfter(first: IdempotencyToken, places: number): IdempotencyToken {
  return { generationTime: first.generationTime + places, nonce: first.nonce };
}

/** Bytes of a list's name: its first token, which sorts by time. */
export const LIST_KEY_BYTES: number = 8 + NONCE_BYTES;

/** The list that was handed in under the token, by name: the same list handed in again is the same list. */
export function listKey({ generationTime, nonce }: IdempotencyToken): Uint8Array {
  const time = new Uint8Array(8);
  writeMicros(time, 0, generationTime);
  return concatBytes(time, nonce);
}

/** The token that a list was handed in under. */
export function listToken(key: Uint8Array): IdempotencyToken {
  return { generationTime: readMicros(key, 0), nonce: key.slice(8, LIST_KEY_BYTES) };
}

/** How callers ask for the list: its name, and the namespace that its first mutation named. */
export function requestIdOf(token: IdempotencyToken, namespace: string): string {
  return `${toHex(listKey(token))}@${namespace}`;
}

/** What `requestIdOf` was made of. Throws INVALID_ARGUMENT for anything else. */
export function readRequestId(text: string): {
  readonly token: IdempotencyToken;
  readonly namespace: string;
} {
  const [hex = "", namespace = ""] = text.split("@", 2);
  const isWhole = hex.length === 2 * LIST_KEY_BYTES && /^[0-9a-f]+$/.test(hex);
  const token = isWhole ? listToken(fromHex(hex)) : undefined;
  if (token !== undefined && isTime(token.generationTime) && namespace !== "") {
    return { token, namespace };
  }
  throw new KvError("INVALID_ARGUMENT", `request id is ${text}, wanted one that a list was given`);
}

function isTime(time: Micros): boolean {
  return isMicros(time) && time > 0;
}
