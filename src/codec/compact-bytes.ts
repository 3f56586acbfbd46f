/** Numbers and byte strings in few bytes: what item metadata is written with, and read back with care. */
import { fromUtf8, utf8 } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";

/** Appends a whole number of 0 to 2^53 − 1: seven bits a byte, the lowest first, the eighth says that more follow. */
export function pushNumber(to: number[], value: number): void {
  let left = value;
  // Arithmetic, no shifts: those end at 32 bits.
  while (left >= 0x80) {
    to.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  to.push(left);
}

/** Appends the length, and then the bytes. */
export function pushBytes(to: number[], bytes: Uint8Array): void {
  pushNumber(to, bytes.length);
  for (const byte of bytes) to.push(byte);
}

/** Appends the text's UTF-8 as `pushBytes` does. */
export function pushText(to: number[], text: string): void {
  pushBytes(to, utf8(text));
}

/** Reads what the functions above wrote. Whatever does not fit is DATA_LOSS; nothing returned is a view of the input. */
export class CompactReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  /** `what` names the bytes in messages. They must not change while they are read. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#endsEarly(this.#at + 1);
    this.#at += 1;
    return byte;
  }

  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER) {
        throw new KvError("DATA_LOSS", `${this.#what} has a number above 2^53 - 1`);
      }
      if (byte < 0x80) return value;
    }
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.#endsEarly(end);
    const bytes = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return bytes;
  }

  text(length: number = this.number()): string {
    try {
      return fromUtf8(this.bytes(length));
    } catch (cause) {
      if (cause instanceof KvError) throw cause;
      throw new KvError("DATA_LOSS", `${this.#what} has a text that is not UTF-8`, { cause });
    }
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** Throws unless everything was read. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new KvError("DATA_LOSS", `${this.#what} has ${left} bytes after its end`);
  }

  #endsEarly(wanted: number): KvError {
    const found = `${this.#what} is ${this.#bytes.length} bytes`;
    return new KvError("DATA_LOSS", `${found}, wanted at least ${wanted}`);
  }
}
