/**
 * What a read must at least show. Writes of an item are numbered in the order of their tokens, by which the primary
 * orders them (TOK-5); a read that shows an older number than one that was acknowledged before it began is stale
 * (CACHE-2).
 */
export class Freshness {
  readonly #issued = new Map<number, number>();
  readonly #acknowledged = new Map<number, number>();

  /** The number of the item's next write. Take its token before anything else is awaited. */
  next(item: number): number {
    const n = (this.#issued.get(item) ?? 0) + 1;
    this.#issued.set(item, n);
    return n;
  }

  acknowledge(item: number, n: number): void {
    this.#acknowledged.set(item, Math.max(n, this.newest(item)));
  }

  /** The newest write that was acknowledged until now; 0 for none. */
  newest(item: number): number {
    return this.#acknowledged.get(item) ?? 0;
  }
}
