/** The ids of a table in the order of a scan: bucket by bucket, sorted. Made when it is first asked for. */
import { bucketOf, SCAN_BUCKETS } from "../shared/scan-buckets.ts";

/** Ids that are not there any more, or stand twice, are borne up to this many beyond as many as there are. */
const NEEDLESS_MAX = 1_000;

/** The order of one table. Nothing is kept of it before the first scan. */
export class ScanOrder {
  #buckets: string[][] | undefined;
  /** Since the last look, in no order. */
  #added: string[] = [];
  #ids = 0;

  /** A record was made. */
  add(id: string): void {
    if (this.#buckets !== undefined) this.#added.push(id);
  }

  /** The ids of a bucket, each once; some may be gone. `ids` are all that there are. */
  bucket(index: number, ids: ReadonlyMap<string, unknown>): readonly string[] {
    if (this.#ids + this.#added.length > 2 * ids.size + NEEDLESS_MAX) this.#buckets = undefined;
    if (this.#buckets === undefined) {
      this.#buckets = Array.from({ length: SCAN_BUCKETS }, () => []);
      this.#ids = 0;
      this.#added = [...ids.keys()];
    }
    if (this.#added.length > 0) this.#distribute(this.#buckets);
    return this.#buckets[index] as readonly string[];
  }

  #distribute(buckets: string[][]): void {
    const touched = new Set<number>();
    for (const id of this.#added) {
      const bucket = bucketOf(id);
      touched.add(bucket);
      (buckets[bucket] as string[]).push(id);
    }
    this.#added = [];
    for (const index of touched) {
      const bucket = buckets[index] as string[];
      bucket.sort();
      buckets[index] = bucket.filter((id, i) => i === 0 || id !== bucket[i - 1]);
    }
    this.#ids = buckets.reduce((sum, bucket) => sum + bucket.length, 0);
  }
}
