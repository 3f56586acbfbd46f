/** What several workloads draw alike. */
import { type Micros, MILLISECOND, utf8 } from "kvdal";
import type { CachePlan } from "../../faults/cache.ts";
import { between, chance, type KeyedRandom } from "../../world/keyed-random.ts";
import type { NamespacePlan } from "../namespace-plan.ts";
import type { Operation } from "../operation.ts";
import type { Topology } from "../plan.ts";

/** Operations a client in worlds over simulated replicas; over real engines there are fewer. */
const CALLS_A_CLIENT = 96;

/** So many clients with so many operations each; over an engine whose worlds are shorter, shorter by as much. */
export function topologyOf(given: Topology, clients: number, operations: number): Topology {
  const share = Math.min(1, given.operationsPerClient / CALLS_A_CLIENT);
  return { ...given, clients, operationsPerClient: Math.floor(operations * share) };
}

/** Keys by name, given in the order of their bytes. */
export function namedKeys(...names: readonly string[]): readonly Uint8Array[] {
  return names.map((name) => utf8(name));
}

/** What an operation is beside which one of its client it is, and how long its caller waits. */
export type Drawn<O extends Operation = Operation> = O extends Operation
  ? Omit<O, "index" | "giveUp">
  : never;

/** The operations of a client, numbered, as many as it has at most; some callers lose patience, as anywhere. */
export function numbered(
  drawn: readonly Drawn[],
  client: number,
  { operationsPerClient }: Topology,
  random: KeyedRandom,
): readonly Operation[] {
  return drawn.slice(0, operationsPerClient).map((operation, i) => ({
    ...operation,
    index: 1 + client * operationsPerClient + i,
    giveUp: chance(random, 1, 24) ? between(random, 1, 80) * MILLISECOND : 0,
  }));
}

/** A read of a whole record, or of a part of it, in pages of so many bytes. */
export function pageOf(
  record: number,
  think: Micros,
  page: { readonly from: number; readonly to: number; readonly bytes: number },
): Drawn<Extract<Operation, { kind: "page" }>> {
  const { from, to, bytes } = page;
  const plain = { itemLimit: 0, reverse: false, byAlias: false };
  return { kind: "page", record, think, from, to, pageBytes: bytes, ...plain };
}

/** A put of these keys with values of `bytes` bytes. */
export function putOf(
  record: number,
  think: Micros,
  put: { readonly keys: readonly number[]; readonly bytes: number; readonly ttl?: Micros },
): Drawn<Extract<Operation, { kind: "put" }>> {
  const { keys, bytes, ttl = 0 } = put;
  return { kind: "put", record, think, items: keys.map((key) => ({ key, bytes })), ttl };
}

/** One of `count`, the first the likeliest: by Zipf's law, with exponent 1. */
export function zipf(random: KeyedRandom, count: number): number {
  const weights = Array.from({ length: count }, (_, place) => Math.floor(10_000 / (place + 1)));
  let draw = random.below(weights.reduce((sum, weight) => sum + weight, 0));
  const place = weights.findIndex((weight) => {
    draw -= weight;
    return draw < 0;
  });
  return place;
}

/** Up to `most` of the keys, sorted, each once. */
export function someKeys(random: KeyedRandom, keyCount: number, most: number): readonly number[] {
  const keys = new Set<number>();
  for (let i = between(random, 1, most); i > 0; i -= 1) keys.add(random.below(keyCount));
  return [...keys].toSorted((a, b) => a - b);
}

/** The namespace as drawn, but for chunks: values that are far below what is chunked, as those of most consumers are. */
export function smallValuesIn(drawn: NamespacePlan): NamespacePlan {
  return { ...drawn, chunkAboveBytes: 1_024, chunkBytes: 1_024, cleanUps: [] };
}

/** The cache as drawn, faults and all, with another life of its entries, and room for whole records. */
export function cacheOf(drawn: CachePlan | undefined, ttl: Micros): CachePlan | undefined {
  return drawn && { ...drawn, ttl, recordBytesMax: 4_000 };
}

/** How many operations of a plan which client has, by their number. */
export function clientsOf(
  operations: readonly (readonly Operation[])[],
): ReadonlyMap<number, number> {
  return new Map(
    operations.flatMap((list, client) => list.map(({ index }) => [index, client] as const)),
  );
}
