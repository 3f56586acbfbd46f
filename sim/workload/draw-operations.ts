/** Draws the operations of one client. */
import { MILLISECOND } from "kvdal";
import { between, chance, type KeyedRandom } from "../world/keyed-random.ts";
import type { KeySet, Operation } from "./operation.ts";

/** What the operations are drawn over. */
export type WorkloadShape = {
  readonly records: number;
  readonly keyCount: number;
  readonly operations: number;
  /** Longest think time, microseconds. */
  readonly thinkMax: number;
  /** Whether some traversals are of the whole namespace. */
  readonly scans: boolean;
  /** Whether few of them write, so that a cache has something to do. */
  readonly isMostlyRead: boolean;
};

/** Operations `first`, `first` + 1, … of one client. */
export function drawOperations(
  random: KeyedRandom,
  shape: WorkloadShape,
  first: number,
): readonly Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < shape.operations; i += 1) {
    operations.push(drawOperation(random, shape, first + i));
  }
  return operations;
}

function drawOperation(random: KeyedRandom, shape: WorkloadShape, index: number): Operation {
  const common = {
    index,
    think: random.below(shape.thinkMax + 1),
    record: random.below(shape.records),
    giveUp: chance(random, 1, 24) ? between(random, 1, 80) * MILLISECOND : 0,
  };
  const roll =
    shape.isMostlyRead && chance(random, 5, 6) ? 45 + random.below(39) : random.below(100);
  if (roll < 45) return drawPut(common, random, shape);
  if (roll < 72) return { ...common, kind: "get", keys: drawSomeKeys(random, shape) };
  if (roll < 84) {
    const isScan = shape.scans && chance(random, 1, 2);
    return isScan ? { ...common, ...drawScan(random) } : drawPage(common, random, shape);
  }
  if (roll < 94) return { ...common, kind: "delete_keys", keys: drawSomeKeys(random, shape) };
  if (roll < 98) {
    const { from, to } = drawRange(random, shape);
    return { ...common, kind: "delete_range", from, to };
  }
  return { ...common, kind: "delete_record" };
}

/** Fields that every operation has. They are copied first: what follows other fields is copied one by one. */
type Common = Pick<Operation, "index" | "think" | "record" | "giveUp">;
/** An operation, and its fields without the common ones. */
type OfKind<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;
type Drawn<K extends Operation["kind"]> = Omit<OfKind<K>, keyof Common>;

function drawPut(common: Common, random: KeyedRandom, shape: WorkloadShape): OfKind<"put"> {
  const keys = drawSomeKeys(random, shape);
  return {
    ...common,
    kind: "put",
    items: keys.map((key) => ({ key, bytes: chance(random, 1, 10) ? 4 + random.below(200) : 4 })),
    ttl: chance(random, 1, 10) ? between(random, 1, 300) * MILLISECOND : 0,
  };
}

function drawPage(common: Common, random: KeyedRandom, shape: WorkloadShape): OfKind<"page"> {
  const whole = chance(random, 1, 2);
  const { from, to } = whole ? { from: 0, to: shape.keyCount } : drawRange(random, shape);
  return {
    ...common,
    kind: "page",
    from,
    to,
    pageBytes: chance(random, 1, 4) ? between(random, 60, 600) : between(random, 4, 60),
    itemLimit: chance(random, 1, 4) ? between(random, 1, shape.keyCount) : 0,
    reverse: chance(random, 1, 3),
    byAlias: chance(random, 1, 3),
  };
}

function drawScan(random: KeyedRandom): Drawn<"scan"> {
  return {
    kind: "scan",
    segments: chance(random, 1, 2) ? between(random, 1, 3) : between(random, 4, 24),
    concurrency: between(random, 1, 4),
    pageBytes: chance(random, 1, 4) ? between(random, 100, 1_000) : between(random, 10, 100),
    stops: chance(random, 1, 2) ? drawStops(random) : [],
    pause: chance(random, 1, 3) ? between(random, 1, 10) * MILLISECOND : 0,
    byAlias: chance(random, 1, 3),
  };
}

function drawStops(random: KeyedRandom): readonly number[] {
  return Array.from({ length: between(random, 1, 3) }, () => between(random, 1, 5));
}

/** One key mostly, up to three else; sorted, each once. */
function drawSomeKeys(random: KeyedRandom, shape: WorkloadShape): readonly number[] {
  let set: KeySet = 1 << random.below(shape.keyCount);
  const more = chance(random, 1, 3) ? between(random, 1, 2) : 0;
  for (let i = 0; i < more; i += 1) set |= 1 << random.below(shape.keyCount);
  const keys: number[] = [];
  for (let key = 0; set !== 0; key += 1, set >>>= 1) if ((set & 1) === 1) keys.push(key);
  return keys;
}

function drawRange(
  random: KeyedRandom,
  shape: WorkloadShape,
): { readonly from: number; readonly to: number } {
  const from = random.below(shape.keyCount);
  return { from, to: between(random, from, shape.keyCount) };
}
