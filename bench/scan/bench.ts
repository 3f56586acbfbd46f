/**
 * Whole namespaces through the client beside the bare driver over the same rows, whole and in four segments at once:
 * rows a second, by turns, so that both meet the same machine. The engines are the parts; a filter chooses by name.
 */
import { randomBytes } from "node:crypto";
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hmacSha256, type KvClient, open, SECOND, systemEnv, utf8 } from "kvdal";
import { type EngineAdapter, openRocksdbStore, rocksdb } from "kvdal/engine";
import { benchEngine, chosenEngines } from "../engines.ts";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { type Spread, spreadOf } from "../report.ts";
import { type BareScan, bareDriver, bareRocksdb, bareSdk, bareVerb } from "./bare.ts";

/** Engines that this bench knows. */
export const SCAN_ENGINES: readonly string[] = ["memory", "rocksdb", "cassandra", "dynamodb"];

/** One way to split the namespace. */
export type ScanFigures = {
  readonly segments: number;
  readonly rows: number;
  /** Rows a second. */
  readonly bare: Spread;
  readonly client: Spread;
  /** The client's median in parts of the bare one's. */
  readonly ratio: number;
  /** CPU time of this process a row, microseconds: what is the layer's own, whoever else uses the machine. */
  readonly bareCpu: Spread;
  readonly clientCpu: Spread;
};

/** One engine's figures; `skipped` says why there are none. */
export type ScanResult =
  | { readonly engine: string; readonly beside: string; readonly figures: readonly ScanFigures[] }
  | { readonly engine: string; readonly skipped: string };

/** The report. */
export type ScanReport = BenchPlace & { readonly engines: readonly ScanResult[] };

const TABLE = "scans";
const ITEMS_PER_RECORD = 10;
const VALUE_BYTES = 200;
const PAGE_SIZE_BYTES = 1024 * 1024;
const PUTS_AT_ONCE = 16;
/** DynamoDB Local takes items one by one. */
const RECORDS: Readonly<Record<string, number>> = { cassandra: 4_000, dynamodb: 1_000 };
const RECORDS_DEFAULT = 5_000;

/** Runs it, engine by engine. */
export async function runScanBench(options: BenchOptions): Promise<ScanReport | undefined> {
  const chosen = chosenEngines(SCAN_ENGINES, options.engines);
  const names = chosen.filter((name) => name.includes(options.filter));
  if (names.length === 0) return undefined;
  const engines: ScanResult[] = [];
  for (const engine of names) {
    const side = await openSide(engine);
    if (typeof side === "string") {
      options.say(`${engine}: skipped, ${side}`);
      engines.push({ engine, skipped: side });
      continue;
    }
    try {
      engines.push(await measure(engine, side, options));
    } finally {
      await side.end();
    }
  }
  return { ...benchPlace(), engines };
}

/** The client and the bare driver over one engine. */
type Side = {
  readonly client: KvClient;
  readonly bare: BareScan;
  readonly end: () => Promise<void>;
};

async function openSide(name: string): Promise<Side | string> {
  if (name === "rocksdb") return overRocksdb();
  const engine = await benchEngine(name);
  if (typeof engine === "string") return engine;
  const { server, adapter } = engine;
  const store = await openStore(adapter);
  const bare = await bareOf(name, server, store.engine);
  const end = async (): Promise<void> => {
    await bare.end();
    await store.close();
    await engine.end();
  };
  return { client: store.client, bare, end };
}

async function bareOf(
  name: string,
  server: Parameters<typeof bareDriver>[0] | undefined,
  engine: Parameters<typeof bareVerb>[0],
): Promise<BareScan> {
  if (server === undefined) return bareVerb(engine, TABLE);
  return name === "cassandra" ? bareDriver(server, TABLE) : bareSdk(server, TABLE);
}

/** Both go through one open database. */
async function overRocksdb(): Promise<Side> {
  const path = await mkdtemp(join(tmpdir(), "kvdal-bench-"));
  const database = await openRocksdbStore(path);
  const store = await openStore(rocksdb({ store: database }));
  const end = async (): Promise<void> => {
    await store.close();
    await database.close();
    await rm(path, { recursive: true, force: true });
  };
  return { client: store.client, bare: bareRocksdb(database, TABLE), end };
}

function openStore(engine: EngineAdapter): ReturnType<typeof open> {
  return open({
    engine,
    namespaces: [{ name: TABLE }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
    // Nothing here is about deadlines.
    client: { limits: { timeoutMicros: 120 * SECOND, attemptTimeoutMicros: 60 * SECOND } },
  });
}

async function measure(
  engine: string,
  { client, bare }: Side,
  { quick, say }: BenchOptions,
): Promise<ScanResult> {
  const records = Math.ceil((RECORDS[engine] ?? RECORDS_DEFAULT) / (quick ? 20 : 1));
  await fill(client, records);
  const rows = records * ITEMS_PER_RECORD;
  const figures: ScanFigures[] = [];
  for (const segments of [1, 4]) {
    const sides = [() => bare.scan(segments), () => scanned(client, segments)] as const;
    const rates: [number[], number[]] = [[], []];
    const cpus: [number[], number[]] = [[], []];
    for (let round = -1; round < (quick ? 2 : 7); round += 1) {
      for (const [i, side] of sides.entries()) {
        const begun = performance.now();
        const before = process.cpuUsage();
        const found = await side();
        if (found !== rows) throw new Error(`${engine}: ${found} rows, wanted ${rows}`);
        // The first round warms up.
        if (round < 0) continue;
        rates[i]?.push((rows / (performance.now() - begun)) * 1000);
        const { user, system } = process.cpuUsage(before);
        cpus[i]?.push((user + system) / rows);
      }
    }
    const [own, other] = [spreadOf(rates[1]), spreadOf(rates[0])];
    const ratio = own.median / other.median;
    const [clientCpu, bareCpu] = [spreadOf(cpus[1]), spreadOf(cpus[0])];
    figures.push({ segments, rows, bare: other, client: own, ratio, bareCpu, clientCpu });
    const at = `${engine}: ${rows} rows in ${segments} ${segments === 1 ? "segment " : "segments"}`;
    say(`${at}  client ${rate(own)}, ${bare.name} ${rate(other)}: ${ratio.toFixed(2)} of it`);
    const cpu = `${clientCpu.median.toFixed(1)} and ${bareCpu.median.toFixed(1)} µs a row`;
    say(`${engine}: CPU time of this process: ${cpu}`);
  }
  return { engine, beside: bare.name, figures };
}

function rate({ median, p25, p75 }: Spread): string {
  const [middle, low, high] = [median, p25, p75].map((one) => (one / 1000).toFixed(1));
  return `${middle} k rows/s (${low} to ${high})`;
}

async function scanned(client: KvClient, segments: number): Promise<number> {
  let rows = 0;
  const selection = { pageSizeBytes: PAGE_SIZE_BYTES };
  for await (const { items } of client.scan({ namespace: TABLE, segments, selection })) {
    rows += items.length;
  }
  return rows;
}

async function fill(client: KvClient, records: number): Promise<void> {
  const value = randomBytes(VALUE_BYTES);
  const items = Array.from({ length: ITEMS_PER_RECORD }, (_, i) => {
    return { key: utf8(`key ${i}`), value };
  });
  let next = 0;
  const putNext = async (): Promise<void> => {
    for (let n = next++; n < records; n = next++) {
      await client.putItems({ namespace: TABLE, id: `record ${n}`, items });
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, putNext));
}
