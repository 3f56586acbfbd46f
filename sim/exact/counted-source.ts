/** A source of a value that counts how often it is told to stop. */

/** What comes after its pieces: nothing, nothing for ever, or an error. */
export type EndOfSource = "ends" | "stands still" | Error;

/** Gives the same piece so many times. */
export class CountedSource implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  stops = 0;
  readonly #piece: Uint8Array;
  readonly #end: EndOfSource;
  #left: number;

  constructor(piece: Uint8Array, pieces: number, end: EndOfSource) {
    this.#piece = piece;
    this.#left = pieces;
    this.#end = end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#left -= 1;
    if (this.#left >= 0) return { done: false, value: this.#piece };
    if (this.#end instanceof Error) throw this.#end;
    if (this.#end === "stands still") return new Promise(() => undefined);
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.stops += 1;
    return { done: true, value: undefined };
  }
}
