/** Since when each region has what was written: by the copies of it that its replicas took and did not lose. */
import { type KeyRange, type Micros, toHex, type Version } from "kvdal";
import type { Mutation, Partition } from "kvdal/engine";
import type { LogEntry, Replica } from "./replica.ts";

/** Which write it is. */
type Written = Pick<Version, "time" | "nonce">;
type Taken = { readonly replica: Replica; readonly entry: LogEntry };

/** What the replicas of two regions took. */
export class Arrivals {
  /** By region, how many of its replicas are a majority. */
  readonly #majorities: readonly number[];
  readonly #regionOf: (replica: Replica) => number;
  /** By write, then by what of it it is. */
  readonly #taken: Map<string, Map<string, Taken[]>> = new Map();

  constructor(replicas: readonly Replica[], regionOf: (replica: Replica) => number) {
    this.#regionOf = regionOf;
    this.#majorities = [0, 1].map((region) => {
      const own = replicas.filter((replica) => regionOf(replica) === region);
      return Math.floor(own.length / 2) + 1;
    });
    for (const replica of replicas) replica.onTaken = (entry) => this.#note(replica, entry);
  }

  #note(replica: Replica, entry: LogEntry): void {
    for (const mutation of entry.mutations) {
      const { version } = mutation.kind === "put" ? mutation.row : mutation;
      const name = nameOf(version);
      let parts = this.#taken.get(name);
      if (parts === undefined) {
        parts = new Map();
        this.#taken.set(name, parts);
      }
      const part = partOf(entry.partition, mutation);
      const before = parts.get(part);
      if (before === undefined) parts.set(part, [{ replica, entry }]);
      else before.push({ replica, entry });
    }
  }

  /** By region: when a majority of its replicas had all of the write, at once where there was nothing of it; Infinity for never. */
  of(written: { readonly time: Micros; readonly nonce: string }): readonly Micros[] {
    const parts = this.#taken.get(`${written.time} ${written.nonce}`);
    return this.#majorities.map((majority, region) => {
      if (parts === undefined) return 0;
      const each = [...parts.values()].map((taken) => this.#whenIn(taken, region, majority));
      return Math.max(...each);
    });
  }

  #whenIn(taken: readonly Taken[], region: number, majority: number): Micros {
    const first = new Map<Replica, Micros>();
    for (const { replica, entry } of taken) {
      if (entry.lost || this.#regionOf(replica) !== region) continue;
      const before = first.get(replica) ?? Number.POSITIVE_INFINITY;
      first.set(replica, Math.min(before, entry.durableAt));
    }
    const times = [...first.values()].toSorted((a, b) => a - b);
    return times[majority - 1] ?? Number.POSITIVE_INFINITY;
  }
}

function nameOf({ time, nonce }: Written): string {
  return `${time} ${toHex(nonce)}`;
}

function partOf({ table, id }: Partition, mutation: Mutation): string {
  const { kind } = mutation;
  // Replicas keep, and hand on, the deletion of a record as that of all its keys.
  if (kind === "delete_range" || kind === "delete_record") {
    const { start, end }: KeyRange = kind === "delete_range" ? mutation.range : {};
    return `${table} ${id} ${start && toHex(start)} ${end && toHex(end)}`;
  }
  const key = kind === "put" ? mutation.row.key : mutation.key;
  return `${table} ${id} ${toHex(key)}`;
}
