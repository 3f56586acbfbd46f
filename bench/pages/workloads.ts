/** What is in the record that pages are read from. */
import { type KvClient, utf8 } from "kvdal";

/** A record's content, put through a client. */
export type Workload = {
  readonly name: string;
  /** Puts it. `share` of the items, `bytesMax` the longest value that the engine keeps inline. */
  readonly fill: (
    client: KvClient,
    address: Address,
    size: { readonly share: number; readonly bytesMax: number },
  ) => Promise<void>;
};

/** The record. */
export type Address = { readonly namespace: string; readonly id: string };

const KIB = 1024;
const MIB = KIB * KIB;
/** Bytes and items of one put. */
const PUT_BYTES_MAX = 2 * MIB;
const PUT_ITEMS_MAX = 100;

/** All of them. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: "uniform 1 KiB",
    fill: (client, address, { share }) => fillWith(client, address, Math.ceil(2_000 * share), KIB),
  },
  {
    name: "mixed 1 B to 1 MiB",
    fill: (client, address, { share, bytesMax }) => {
      const draw = lengths(Math.min(MIB, bytesMax));
      return putAll(client, address, "k", Math.ceil(200 * share), draw);
    },
  },
  {
    name: "10,000 dead rows first",
    fill: async (client, address, { share }) => {
      const dead = Math.ceil(10_000 * share);
      await putAll(client, address, "a", dead, () => 100);
      await deleteAll(client, address, "a", dead);
      await putAll(client, address, "k", Math.ceil(200 * share), () => KIB - 7);
    },
  },
];

/** Puts so many items of `itemBytes` each, key and value together. */
export function fillWith(
  client: KvClient,
  address: Address,
  count: number,
  itemBytes: number,
): Promise<void> {
  return putAll(client, address, "k", count, () => itemBytes - keyOf("k", 0).length);
}

/** Lengths from 1 to `most`, as many in each power of two: small and simple arithmetic, the same each time. */
function lengths(most: number): (i: number) => number {
  return (i) => {
    const power = (i * 7) % 21;
    const low = 2 ** power;
    return Math.min(most, low + ((i * 2_654_435_761) % low));
  };
}

const keyOf = (prefix: string, i: number): Uint8Array => utf8(prefix + String(i).padStart(6, "0"));

async function putAll(
  client: KvClient,
  address: Address,
  prefix: string,
  count: number,
  length: (i: number) => number,
): Promise<void> {
  let items: { key: Uint8Array; value: Uint8Array }[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i += 1) {
    const value = new Uint8Array(length(i)).fill(i);
    items.push({ key: keyOf(prefix, i), value });
    bytes += value.length;
    if (bytes < PUT_BYTES_MAX && items.length < PUT_ITEMS_MAX && i < count - 1) continue;
    await client.putItems({ ...address, items });
    items = [];
    bytes = 0;
  }
}

/** One deletion an item, as a mass delete does it: markers that readers look at. */
async function deleteAll(
  client: KvClient,
  address: Address,
  prefix: string,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i += 1_000) {
    const keys = Array.from({ length: Math.min(1_000, count - i) }, (_, n) => keyOf(prefix, i + n));
    await client.deleteItems({ ...address, predicate: { kind: "match_keys", keys } });
  }
}
