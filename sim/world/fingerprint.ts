/** A rolling 64-bit hash of all that happened: two integer lanes, a few nanoseconds an event. */
export class Fingerprint {
  #a = 0x243f6a88;
  #b = 0x85a308d3;

  /** Takes in one whole number, up to 2^53. */
  add(value: number): void {
    const low = value | 0;
    const high = (value / 0x1_0000_0000) | 0;
    this.#a = Math.imul(this.#a ^ low, 0x01000193) ^ (this.#b >>> 7);
    this.#b = Math.imul(this.#b ^ high ^ (this.#a >>> 11), 0x5bd1e995) ^ (low << 5);
  }

  /** Takes in bytes. */
  addBytes(bytes: Uint8Array): void {
    this.add(bytes.length);
    for (let i = 0; i < bytes.length; i += 4) {
      let word = 0;
      for (let j = i; j < bytes.length && j < i + 4; j += 1) {
        word = (word << 8) | (bytes[j] as number);
      }
      this.add(word);
    }
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return hex(this.#a) + hex(this.#b);
  }
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
