/** The kit's own assertions. Each names what was asked; a failure says what was found and what is wanted. */
import {
  type Applied,
  compareBytes,
  equalBytes,
  type Item,
  KvError,
  type KvErrorCode,
} from "kvdal";
import { type Bytes, toBytes } from "./bytes.ts";
import { ConformanceFailure } from "./failure.ts";
import { show } from "./show.ts";

/** Throws unless both are the same: bytes by content, lists and objects by their parts. */
export function same(what: string, found: unknown, wanted: unknown): void {
  if (isSame(found, wanted)) return;
  if (Array.isArray(found) && Array.isArray(wanted)) throw listsDiffer(what, found, wanted);
  throw new ConformanceFailure(what, show(found), show(wanted));
}

/** Longer lists than this are shown from where they part. */
const ENTRIES_SHOWN = 8;

function listsDiffer(
  what: string,
  found: readonly unknown[],
  wanted: readonly unknown[],
): ConformanceFailure {
  const parts = found.findIndex((entry, i) => !isSame(entry, wanted[i]));
  const at = parts === -1 ? found.length : parts;
  if (Math.max(found.length, wanted.length) <= ENTRIES_SHOWN) {
    return new ConformanceFailure(what, show(found), show(wanted));
  }
  const told = (list: readonly unknown[]): string =>
    at < list.length ? `entry ${at} is ${show(list[at])}` : "no more";
  const length = (list: readonly unknown[]): string => `of ${list.length} in all`;
  const where = `${what}, alike in the first ${at} entries`;
  return new ConformanceFailure(
    where,
    `${told(found)}, ${length(found)}`,
    `${told(wanted)}, ${length(wanted)}`,
  );
}

/** Throws unless `kept`; `wanted` says in words what was not. */
export function holds(what: string, kept: boolean, found: unknown, wanted: string): void {
  if (!kept) throw new ConformanceFailure(what, show(found), wanted);
}

/** Throws unless the items have these keys, in this order. */
export function keysAre(what: string, items: readonly Item[], wanted: readonly Bytes[]): void {
  same(
    what,
    items.map((item) => item.key),
    wanted.map(toBytes),
  );
}

/** Throws unless the items have these keys and values, in this order. */
export function itemsAre(
  what: string,
  items: readonly Item[],
  wanted: readonly (readonly [key: Bytes, value: Bytes])[],
): void {
  same(
    what,
    items.map(({ key, value }) => [key, value]),
    wanted.map(([key, value]) => [toBytes(key), toBytes(value)]),
  );
}

/** Throws unless the item is there with this value. */
export function valueIs(what: string, item: Item | undefined, wanted: Bytes): void {
  same(what, item?.value, toBytes(wanted));
}

/** Throws unless there is no such item. */
export function absent(what: string, item: Item | undefined): void {
  if (item !== undefined) {
    throw new ConformanceFailure(what, `item ${show(item.key)} = ${show(item.value)}`, "no item");
  }
}

/** Throws unless keys stand in ascending byte order, each once. */
export function ascending(what: string, keys: readonly Uint8Array[]): void {
  const at = keys.findIndex((key, i) => i > 0 && compareBytes(keys[i - 1] as Uint8Array, key) >= 0);
  if (at !== -1) {
    const pair = `${show(keys[at - 1])} before ${show(keys[at])}`;
    throw new ConformanceFailure(what, pair, "ascending unsigned bytes, each key once");
  }
}

/** Throws unless `work` is refused with one of these codes; a mutation says whether it was applied (TOK-8). */
export async function refused(
  what: string,
  work: Promise<unknown>,
  codes: readonly KvErrorCode[] | KvErrorCode,
  applied?: Applied,
): Promise<KvError> {
  const wanted = typeof codes === "string" ? [codes] : codes;
  const wish = `${wanted.join(" or ")}${applied === undefined ? "" : `, applied: ${applied}`}`;
  const answer = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in answer)) {
    throw new ConformanceFailure(what, `success ${show(answer.value)}`, wish);
  }
  const { error } = answer;
  if (!(error instanceof KvError)) {
    throw new ConformanceFailure(what, `an untyped error: ${show(error)}`, wish, error);
  }
  if (!wanted.includes(error.code) || (applied !== undefined && error.applied !== applied)) {
    throw new ConformanceFailure(what, `${error.message} (applied: ${error.applied})`, wish, error);
  }
  return error;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && equalBytes(a, b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((entry, i) => isSame(entry, b[i]));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame(field(a, name), field(b, name)));
}

function field(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}
