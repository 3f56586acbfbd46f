/** The client operations of a watched world, and what came back for each. */
import type { Micros } from "kvdal";
import type { SeenItem } from "../check/history.ts";
import { scanWords } from "../words/scan-words.ts";
import { writesOf } from "../workload/list-recorder.ts";
import { keyNumbers, type Operation } from "../workload/operation.ts";
import type { Plan } from "../workload/plan.ts";
import type { OpenOperation } from "../workload/recorder.ts";
import type { TraceOperation } from "./trace.ts";
import { firstFew } from "../words/listed.ts";
import type { WorldWords } from "../words/world-words.ts";

/** One that has begun. */
type Begun = {
  readonly open: OpenOperation;
  /** Event of its beginning, and of the arrivals of its answers. */
  readonly heard: number[];
  ended: Micros | undefined;
  told: string;
};

/** All of one world. */
export class Operations {
  readonly #begun = new Map<number, Begun>();
  readonly #current = new Map<number, number>();
  readonly #keyCount: number;
  readonly #words: WorldWords;

  constructor({ keys }: Plan, words: WorldWords) {
    this.#keyCount = keys.length;
    this.#words = words;
  }

  begin(open: OpenOperation, event: number): void {
    const { index } = open.operation;
    this.#begun.set(index, { open, heard: [event], ended: undefined, told: "" });
    this.#current.set(open.client, index);
  }

  /** What its client was told, in words. */
  end(open: OpenOperation, now: Micros): string {
    const begun = this.#begun.get(open.operation.index) as Begun;
    begun.ended = now;
    begun.told = this.#told(open);
    return begun.told;
  }

  /** An answer has arrived for it. */
  heard(operation: number, event: number): void {
    const begun = this.#begun.get(operation);
    if (begun?.ended === undefined) begun?.heard.push(event);
  }

  heardOf(operation: number): readonly number[] {
    return this.#begun.get(operation)?.heard ?? [];
  }

  /** The one that a client is at, and what it knows of it so far. */
  current(client: number): { readonly operation: number; readonly causes: readonly number[] } {
    const operation = this.#current.get(client) ?? 0;
    return { operation, causes: this.heardOf(operation) };
  }

  keysOf(operation: Operation): readonly number[] {
    return keyNumbers(operation, this.#keyCount);
  }

  /** All of them, in the order in which they began. */
  all(): readonly TraceOperation[] {
    return [...this.#begun.values()].map(({ open, ended, told }) => ({
      operation: open.operation.index,
      client: open.client,
      kind: open.operation.kind,
      record: open.operation.record,
      keys: this.keysOf(open.operation),
      begun: open.begun,
      ...(ended === undefined ? {} : { ended }),
      outcome: outcomeOf(open, ended),
      asked: this.#words.operation(open.operation),
      told,
      writes: writesOf(open.operation),
    }));
  }

  #told({ error, items, operation, scanned = [], stops = [] }: OpenOperation): string {
    if (error !== undefined) {
      const applied = error.applied === "unknown" ? "perhaps applied" : "not applied";
      return `told: ${error.code} (${applied}), ${error.message}`;
    }
    const { kind } = operation;
    if (kind !== "get" && kind !== "page" && kind !== "scan") return "told: done";
    if (kind !== "scan") return `told: ${firstFew(items.map(itemText)) || "no items"}`;
    const given = scanned.flatMap((page) => page.items);
    const seen = given.map(({ record, item }) => `${itemText(item)} of record ${record}`);
    const how = scanWords({ pages: scanned.length, stops });
    return `told: ${firstFew(seen) || "no items"}; ${how}`;
  }
}

function itemText({ key, valueFrom, whole }: SeenItem): string {
  const value = valueFrom === 0 || !whole ? "a value that no write has" : `#${valueFrom}`;
  return `k${key} = ${value}`;
}

function outcomeOf({ error }: OpenOperation, ended: Micros | undefined): TraceOperation["outcome"] {
  if (ended === undefined) return "open";
  if (error === undefined) return "answered";
  return error.applied === "unknown" ? "unknown" : "failed";
}
