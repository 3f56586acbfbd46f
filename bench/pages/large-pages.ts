/** How long a page of 2 MiB takes in this process, beside as many rows by the engine's own iterator. */
import type { KvClient } from "kvdal";
import type { UnderSetting } from "../apart.ts";
import type { BenchEngine, EngineName } from "./engines.ts";
import { type Address, fillWith } from "./workloads.ts";

const KIB = 1024;
const PAGE_BYTES = 2 * KIB * KIB;
const PAGES = 1_000;
const PAGES_QUICK = 10;
/** Of fewer it would be the slowest one. */
const P99_LEAST = 100;
/** By turns, so that both meet the same machine; not one by one, where each would have to free what the other left. */
const PAGES_A_TURN = 100;

/** What such a page has in it. */
export type LargePage = { readonly name: string; readonly itemBytes: number };

/** Many small items, where all that is done for an item shows, and fewer larger ones. */
export const LARGE_PAGES: readonly LargePage[] = [
  { name: "page of 2 MiB of 1 KiB items", itemBytes: KIB },
  { name: "page of 2 MiB of 4 KiB items", itemBytes: 4 * KIB },
  { name: "page of 2 MiB of 16 KiB items", itemBytes: 16 * KIB },
];

/** How long it takes. */
export type LatencyResult = Latency & {
  readonly page: string;
  readonly pages: number;
  /** As many rows read by the engine's own iterator, without the layer; null where it has none. */
  readonly bare: Latency | null;
};

/** The same of one engine, in a process of its own. */
export type LargePageResult = LatencyResult & UnderSetting & { readonly engine: EngineName };

/** Milliseconds; the 99th percentile is null where too few pages were read for one. */
type Latency = { readonly p50: number; readonly p99: number | null };

/** Where the pages are read from. */
type Place = {
  readonly client: KvClient;
  readonly address: Address;
  readonly bare: BenchEngine["bare"];
};

/** Puts such a page and a few items more, and reads it again and again. */
export async function timeLargePages(
  { client, address, bare }: Place,
  { name, itemBytes }: LargePage,
  quick: boolean,
): Promise<LatencyResult> {
  await fillWith(client, address, Math.ceil((1.1 * PAGE_BYTES) / itemBytes), itemBytes);
  const selection = { pageSizeBytes: PAGE_BYTES };
  const readPage = async (): Promise<number> =>
    (await client.getItems({ ...address, selection })).items.length;
  const pages = quick ? PAGES_QUICK : PAGES;
  const [own, other]: [number[], number[]] = [[], []];
  const rows = await readPage();
  // The first turn warms up.
  for (let turn = -1; own.length < pages; turn += 1) {
    const [ownMillis, otherMillis] = turn < 0 ? [[], []] : [own, other];
    await timeSome(readPage, ownMillis, Math.min(PAGES_A_TURN, pages));
    if (bare === undefined) continue;
    await timeSome(() => bare(rows), otherMillis, Math.min(PAGES_A_TURN, pages));
  }
  const beside = bare === undefined ? null : latencyOf(other);
  return { page: name, pages: own.length, ...latencyOf(own), bare: beside };
}

async function timeSome(
  work: () => Promise<unknown>,
  into: number[],
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const at = performance.now();
    await work();
    into.push(performance.now() - at);
  }
}

function latencyOf(millis: readonly number[]): Latency {
  const sorted = millis.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: sorted.length < P99_LEAST ? null : at(0.99) };
}

/** The result as a person reads it. */
export function lineOfLarge({
  engine,
  page,
  setting,
  pages,
  bare,
  ...own
}: LargePageResult): string {
  const text = ({ p50, p99 }: Latency): string =>
    `p50 ${p50.toFixed(2)} ms` + (p99 === null ? "" : `, p99 ${p99.toFixed(2)} ms`);
  const beside = bare === null ? "" : `; the same rows by the engine's own iterator ${text(bare)}`;
  return `${engine}, ${page}, ${setting}: ${text(own)}, ${pages} pages${beside}`;
}
