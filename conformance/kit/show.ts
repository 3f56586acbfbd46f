/** Values as failure messages show them: bytes as text where they are text, else in hexadecimal. */
import { toHex } from "kvdal";

/** Longest byte string shown in full; longer ones are shown by length and beginning. */
const BYTES_SHOWN = 40;
/** Most entries of a list that are shown. */
const ENTRIES_SHOWN = 24;

/** `value` on one line, for people. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return showBytes(value);
  if (Array.isArray(value)) return showList(value);
  if (value instanceof Error) return value.message;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return showFields(value);
  return String(value);
}

function showBytes(bytes: Uint8Array): string {
  const head = bytes.subarray(0, BYTES_SHOWN);
  const isText = head.every((byte) => byte >= 0x20 && byte < 0x7f);
  const shown = isText ? JSON.stringify(String.fromCharCode(...head)) : `0x${toHex(head)}`;
  return bytes.length > BYTES_SHOWN ? `${shown}… (${bytes.length} bytes)` : shown;
}

function showList(list: readonly unknown[]): string {
  const shown = list.slice(0, ENTRIES_SHOWN).map(show).join(", ");
  return list.length > ENTRIES_SHOWN ? `[${shown}, … ${list.length} in all]` : `[${shown}]`;
}

function showFields(value: object): string {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${name}: ${show(field)}`).join(", ")}}`;
}
