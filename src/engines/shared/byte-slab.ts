/**
 * Copies of many small byte strings, several to one piece of memory: an allocation outside of the heap for each costs
 * more than all else that is done for a row. A copy keeps its slab alive, `SLAB_BYTES` at most.
 */
const SLAB_BYTES = 16 * 1024;
/** Longer ones have memory of their own. */
const SHARED_MAX = SLAB_BYTES / 8;
const FIRST_BYTES = 512;
/** Shorter than this a loop is done before a view for `set` would be made. */
const LOOP_MAX = 48;

/** Who makes the copies of an answer. */
export type Copies = Pick<ByteSlab, "copy">;

/** Each with memory of its own, for answers of a few rows. */
export const APART: Copies = {
  copy: (bytes, start, end) =>
    // A Buffer's own `slice` would be a view.
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length).slice(start, end),
};

/** Where the copies of one answer lie. Nothing of it is used again: each copy is its owner's. */
export class ByteSlab {
  #slab = new Uint8Array(0);
  #at = 0;
  #next = FIRST_BYTES;

  /** What lies from `start` up to `end`, or to the end. */
  copy(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
    const length = Math.max(0, end - start);
    const own = this.#room(length);
    if (length < LOOP_MAX) {
      for (let i = 0; i < length; i += 1) own[i] = bytes[start + i] as number;
    } else if (length === bytes.length) {
      own.set(bytes);
    } else {
      own.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, length));
    }
    return own;
  }

  /** Bytes that nobody else has or will have: short ones are copied, so that their own memory is let go at once. */
  keep(bytes: Uint8Array): Uint8Array {
    return bytes.length > SHARED_MAX ? bytes : this.copy(bytes);
  }

  #room(length: number): Uint8Array {
    if (length > SHARED_MAX) return new Uint8Array(length);
    if (this.#at + length > this.#slab.length) {
      // The first ones are small: most answers have few rows.
      this.#slab = new Uint8Array(Math.max(this.#next, length));
      this.#next = Math.min(2 * this.#next, SLAB_BYTES);
      this.#at = 0;
    }
    const from = this.#at;
    this.#at += length;
    return this.#slab.subarray(from, this.#at);
  }
}
