/** Scans in the words of a case. */
import {
  type KvClient,
  type ScanInput,
  type ScanItemsInput,
  type ScanItemsResult,
  type ScannedItem,
  type ScannedPage,
  toHex,
} from "kvdal";
import { toBytes } from "./bytes.ts";
import { holds, same } from "./check.ts";
import type { ConformanceStore } from "./store.ts";

/** More pages than any case can need: past it, the scan does not end (PAGE-4). */
const PAGES_MAX = 5_000;

/** Every page of a scan. Throws when they do not end. */
export async function allScanned(
  client: KvClient,
  input: ScanInput,
): Promise<readonly ScannedPage[]> {
  const pages: ScannedPage[] = [];
  for await (const page of client.scan(input)) {
    pages.push(page);
    holds("pages of one scan", pages.length < PAGES_MAX, pages.length, "an end (SCAN-1)");
  }
  return pages;
}

/** Every page of one segment, asked for by its token; by turns of the clients. */
export async function segmentPages(
  clients: readonly KvClient[],
  input: ScanItemsInput,
): Promise<readonly ScanItemsResult[]> {
  const pages: ScanItemsResult[] = [];
  let { pageToken } = input;
  do {
    const client = clients[pages.length % clients.length] as KvClient;
    const page: ScanItemsResult = await client.scanItems({ ...input, pageToken });
    pages.push(page);
    pageToken = page.nextPageToken;
    holds("pages of one segment", pages.length < PAGES_MAX, pages.length, "an end (SCAN-1)");
  } while (pageToken !== undefined);
  return pages;
}

/** The items of all pages, in the order in which they came. */
export function itemsOf(
  pages: readonly { readonly items: readonly ScannedItem[] }[],
): readonly ScannedItem[] {
  return pages.flatMap(({ items }) => items);
}

/** Record, key and value as one text, sorted: what a scan gave, whatever its order. */
export function named(items: readonly ScannedItem[]): readonly string[] {
  return items.map(({ id, key, value }) => nameOf(id, key, value)).toSorted();
}

/** The same of an item that was put. */
export function nameOf(id: string, key: Uint8Array, value: Uint8Array): string {
  return `${id} ${toHex(key)} ${toHex(value)}`;
}

/** Throws unless the pages have exactly what is wanted, each item once. */
export function scansAre(
  what: string,
  pages: readonly { readonly items: readonly ScannedItem[] }[],
  wanted: readonly string[],
): void {
  same(what, named(itemsOf(pages)), wanted.toSorted());
}

/** How a namespace is filled; by default `main` with 12 records of 5 items of 20 bytes. */
export type FillWish = {
  readonly records?: number;
  readonly keys?: number;
  readonly bytes?: number;
  readonly namespace?: string;
};

/** Puts `records` records of `keys` items each, values of `bytes` bytes, and returns what a scan is to give. */
export async function fillRecords(
  { record }: Pick<ConformanceStore, "record">,
  { records = 12, keys = 5, bytes = 20, namespace = "main" }: FillWish = {},
): Promise<readonly string[]> {
  const wanted: string[] = [];
  for (let i = 0; i < records; i += 1) {
    const id = `record ${i}`;
    const items = Array.from({ length: keys }, (_, k) => ({
      key: toBytes(`k${k}`),
      value: new Uint8Array(bytes).fill(i * keys + k),
    }));
    await record(id, { namespace }).putItems(items, { at: 0 });
    wanted.push(...items.map(({ key, value }) => nameOf(id, key, value)));
  }
  return wanted;
}
