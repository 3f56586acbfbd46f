/** Entries by key, the least recently used first to go, within a budget of bytes. No time of its own. */
import type { Micros } from "../../model/time.ts";

/** What an entry takes beside its key and value, about: two strings' heads, a map slot, the numbers. */
export const ENTRY_BYTES = 100;

type Entry = { readonly value: Uint8Array; readonly end: Micros; readonly bytes: number };

/** A bounded map of entries that end. Keeps what it is given: hand it copies. */
export class Entries {
  readonly #bytesMax: number;
  /** In order of use, the latest last. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** An empty map of at most `bytesMax` bytes: keys, values, and `ENTRY_BYTES` for each. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes in use now, those of ended entries included until they are met or evicted. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The value of an entry that has not ended, which counts as a use. */
  get(key: string, now: Micros): Uint8Array | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.end <= now) {
      this.#bytes -= entry.bytes;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Puts an entry that ends at `end`, evicting others as needed. False, and nothing put, when it can never fit. */
  set(key: string, value: Uint8Array, end: Micros): boolean {
    this.delete(key);
    const bytes = key.length + value.length + ENTRY_BYTES;
    if (bytes > this.#bytesMax) return false;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      this.delete(oldest);
    }
    this.#entries.set(key, { value, end, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Removes the entry, if there is one. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  /** Removes everything. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
