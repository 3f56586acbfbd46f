/** Byte strings as cases spell them. */
import { utf8 } from "kvdal";

/** Bytes, or text that stands for its UTF-8. */
export type Bytes = string | Uint8Array;

/** The bytes meant. */
export function toBytes(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? utf8(bytes) : bytes;
}

/** `length` bytes that differ by `seed` and repeat only after 251, so that a lost or shifted part shows. */
export function patterned(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 7 + seed * 13 + (i >> 8)) % 251;
  return bytes;
}

/** `text` with `n` in six digits: keys that sort as their numbers do. */
export function numbered(text: string, n: number): string {
  return `${text}${String(n).padStart(6, "0")}`;
}

/** The list in an order that depends on `seed` alone. */
export function shuffled<T>(list: readonly T[], seed = 1): T[] {
  const result = [...list];
  let state = (Math.imul(seed, 0x9e3779b9) | 1) >>> 0;
  for (let i = result.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 0x1_0000_0000) * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
