/**
 * Byte strings. Keys, values and versions are `Uint8Array`; they compare as unsigned bytes, a prefix before
 * its extensions (DATA-2). Functions here never change their arguments and never keep them.
 */

/** The empty byte string. Legal as a key and as a value (DATA-3). */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Negative, zero or positive as `a` sorts before, with or after `b`, by unsigned bytes (DATA-2). */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < shared; i += 1) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** The same bytes in memory of their own. `slice` would not do: of a Node `Buffer` it is a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** One new byte string of all parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

/** The same of any number of parts: as arguments, some ten thousand of them would overflow the stack. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Writes a whole number below 2^32 as 4 big-endian bytes. */
export function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

/** The whole number in 4 big-endian bytes. No view is made for it: that would cost more than the reading. */
export function readUint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return high * 0x1_0000 + low;
}

/** The least byte string greater than `key`: `key` and a zero byte. Nothing sorts between the two. */
export function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/**
 * The least byte string that is greater than everything starting with `prefix`, or undefined when there is none
 * (an empty prefix, or one of only 0xFF bytes).
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  let last = prefix.length - 1;
  while (last >= 0 && prefix[last] === 0xff) last -= 1;
  if (last < 0) return undefined;
  const end = copyBytes(prefix.subarray(0, last + 1));
  end[last] = (end[last] as number) + 1;
  return end;
}

const encoder = new TextEncoder();
// `ignoreBOM` means: leave U+FEFF where it is. Two ids may differ by it alone.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text that short is encoded faster here than by the platform. */
const SHORT = 32;

/** So many bytes are put together to a text faster here than decoded by the platform. */
const SHORT_ASCII = 12;

/** UTF-8 of `text`, in new bytes. A lone surrogate becomes U+FFFD, as everywhere in the platform. */
export function utf8(text: string): Uint8Array {
  return (text.length <= SHORT ? ascii(text) : undefined) ?? encoder.encode(text);
}

/** The bytes of a text of ASCII alone. */
function ascii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return undefined;
    bytes[i] = unit;
  }
  return bytes;
}

/** The text of UTF-8 bytes. Throws `TypeError` on malformed input: decode only what `utf8` made. */
export function fromUtf8(bytes: Uint8Array): string {
  return (bytes.length <= SHORT_ASCII ? fromAscii(bytes) : undefined) ?? decoder.decode(bytes);
}

/** The text of bytes of ASCII alone. */
function fromAscii(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] as number;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Lower-case hexadecimal, for messages and logs. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of a hexadecimal text. Throws `RangeError` when it is not an even number of hex digits. */
export function fromHex(text: string): Uint8Array {
  // No repeated group and no list of pairs: either overflows the stack or the heap on a large value.
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) {
    throw new RangeError(`not hexadecimal: ${text.slice(0, 80)}`);
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
