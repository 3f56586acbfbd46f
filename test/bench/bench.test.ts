/** The benches run and give figures; how large they are is no test's business. */
import { expect, test } from "vitest";
import type { CompressionReport } from "../../bench/compression/bench.ts";
import { jsonDocuments } from "../../bench/compression/json-documents.ts";
import type { HedgingReport } from "../../bench/hedging/bench.ts";
import type { LargeValuesReport } from "../../bench/large-values/bench.ts";
import { fitLine } from "../../bench/large-values/linear-fit.ts";
import type { DruidCacheReport } from "../../bench/druid-cache/bench.ts";
import type { CompareReport } from "../../bench/compare/bench.ts";
import type { DeletesReport } from "../../bench/deletes/bench.ts";
import { BENCHES } from "../../bench/index.ts";
import type { ScanReport } from "../../bench/scan/bench.ts";
import type { PagesReport } from "../../bench/pages/bench.ts";
import type { BenchReport, Spread } from "../../bench/report.ts";
import { kvdalEach, kvdalJson } from "../sim/kvdal.ts";

function expectSpread({ median, p25, p75, samples }: Spread): void {
  expect(Number.isFinite(median)).toBe(true);
  expect(median).toBeGreaterThan(0);
  expect(p25).toBeLessThanOrEqual(p75);
  expect(samples).toBeGreaterThan(1);
}

test("bench --quick runs every micro bench and gives finite figures", async () => {
  const report = await kvdalJson<BenchReport>(["bench", "--quick"]);
  expect(report.benches.length).toBeGreaterThanOrEqual(8);
  for (const result of report.benches) expectSpread(result);
}, 60_000);

test("bench compression --quick compares all codecs on the same documents", async () => {
  const report = await kvdalJson<CompressionReport>(["bench", "compression", "--quick"]);
  const names = report.codecs.map(({ name }) => name);
  expect(names).toEqual(["none", "lz4", "zstd", "zstd with dictionary"]);
  for (const { compressMicros, decompressMicros, storedBytes, share } of report.codecs) {
    expectSpread(compressMicros);
    expectSpread(decompressMicros);
    expect(share).toBe(storedBytes / report.documents.bytes);
  }
  // Bytes are exact, on any machine: each saves more than the one before.
  const bytes = report.codecs.map(({ storedBytes }) => storedBytes);
  expect(bytes).toEqual(bytes.toSorted((a, b) => b - a));
  expect(bytes[0]).toBe(report.documents.bytes);
}, 60_000);

test("bench large-values --quick measures memory and time of an engine", async () => {
  const args = ["bench", "large-values", "--quick", "--filter", "memory"];
  const report = await kvdalJson<LargeValuesReport>(args);
  const [memory, advised, ...others] = report.engines;
  expect(others).toEqual([]);
  expect([memory?.setting, advised?.setting]).toEqual(["as Node comes", "as advised"]);
  if (memory === undefined || "skipped" in memory) throw new Error("memory is always there");
  expect(memory.streaming.put.growth.heapAndExternal).toBeGreaterThan(0);
  expect(memory.growing.map(({ name }) => name)).toEqual(["put", "get"]);
  for (const { sizes, fit } of memory.growing) {
    expect(sizes.map(({ mib }) => mib)).toEqual([1, 2, 4]);
    for (const { millis } of sizes) expectSpread(millis);
    expect(Number.isFinite(fit.r2)).toBe(true);
  }
}, 60_000);

test("fitLine() finds the line, and how well it fits", () => {
  const at = (mib: number, millis: number): { mib: number; millis: number } => ({ mib, millis });
  const exact = fitLine([at(1, 12), at(2, 14), at(4, 18)]);
  expect(exact.base).toBeCloseTo(10);
  expect(exact.perMiB).toBeCloseTo(2);
  expect(exact.r2).toBeCloseTo(1);
  expect(fitLine([at(1, 1), at(2, 9), at(3, 2)]).r2).toBeLessThan(0.1);
});

test("bench pages --quick reads little in vain, once it knows the sizes", async () => {
  const report = await kvdalJson<PagesReport>(["bench", "pages", "--quick"]);
  const parts = report.results.map(({ engine, workload }) => `${engine}, ${workload}`);
  expect(new Set(parts).size).toBe(6);
  // Counts do not depend on the machine: the goals of PAGE-6 hold on any.
  for (const result of report.results.filter(({ workload }) => workload === "uniform 1 KiB")) {
    expect(result.bytesReadPerByteReturned).toBeLessThanOrEqual(1.2);
    expect(result.readsPerPage).toBeLessThanOrEqual(2);
  }
  // Ten pages have no 99th percentile.
  for (const { p50, p99 } of report.largePages) expect([p50 > 0, p99]).toEqual([true, null]);
  const settings = ["as Node comes", "as advised"];
  const kinds = settings.flatMap((setting) => [`memory, ${setting}`, `rocksdb, ${setting}`]);
  const found = report.largePages.map(({ engine, setting }) => `${engine}, ${setting}`);
  expect(found.toSorted()).toEqual([...kinds, ...kinds, ...kinds].toSorted());
}, 60_000);

test("bench deletes --quick counts removals and times deletions of the engines asked for", async () => {
  const args = ["bench", "deletes", "--quick", "--engine", "memory"];
  const report = await kvdalJson<DeletesReport>(args);
  const [memory, ...others] = report.engines;
  expect(others).toEqual([]);
  if (memory === undefined || "skipped" in memory) throw new Error("memory is always there");
  const { removals = [], recordDelete = [] } = memory;
  const peaks = removals.map(({ peakToMean }) => Math.round(peakToMean.median));
  // Virtual time, so these are exact but for the draw of tokens: all in a minute; spread; in two sweeps.
  expect(peaks[0]).toBe(60);
  expect(peaks[1]).toBeLessThan(3);
  expect(peaks[2]).toBeGreaterThanOrEqual(30);
  expect(recordDelete.map(({ items, nativeCalls }) => [items, nativeCalls])).toEqual(
    [1, 10, 100, 1000].map((items) => [items, 1]),
  );
  for (const { micros } of recordDelete) expectSpread(micros);
}, 60_000);

test("bench compare --quick sets keyv, the port and the client side by side", async () => {
  const args = ["bench", "compare", "--quick", "--engine", "memory"];
  const report = await kvdalJson<CompareReport>(args);
  const [memory, ...others] = report.engines;
  expect(others).toEqual([]);
  if (memory === undefined || "skipped" in memory) throw new Error("memory is always there");
  const names = ["keyv", "keyv, no serialization", "kvdal memory engine port", "kvdal client"];
  expect(memory.contest.map(({ verb, name }) => [verb, name])).toEqual(
    ["put", "get"].flatMap((verb) => names.map((name) => [verb, name])),
  );
  const spreads = memory.contest.flatMap(({ micros, ratio }) => [micros, ratio]);
  for (const spread of spreads) expectSpread(spread);
  const shares = memory.profile?.map(({ share }) => share) ?? [];
  expect(shares.length).toBeGreaterThan(3);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1.0001);
  expect(memory.profile?.map(({ module }) => module)).toContain("src/service");
}, 60_000);

test("bench hedging --quick counts hedges, and they are never above their cap", async () => {
  const args = ["bench", "hedging", "--quick", "--engine", "simulated"];
  const { simulated = [], cassandra } = await kvdalJson<HedgingReport>(args);
  expect(cassandra).toBeUndefined();
  expect(simulated.map(({ runs }) => runs.map(({ cap }) => cap))).toEqual([
    [0, 0.05],
    [0, 0.05, 0.4],
  ]);
  for (const { cap, calls, failed, hedges, hedgesWon, extraRequests } of simulated.flatMap(
    ({ runs }) => runs,
  )) {
    expect(failed).toBe(0);
    expect(hedges).toBeLessThanOrEqual(cap * calls);
    expect(extraRequests).toBe(hedges);
    expect(hedgesWon).toBeLessThanOrEqual(hedges);
  }
  // Virtual time: the same on any machine.
  const [atTimes, always] = simulated.map(({ runs }) => runs.map(({ p99 }) => Math.round(p99)));
  expect(atTimes).toEqual([51, 7]);
  expect(always?.slice(0, 2)).toEqual([51, 51]);
  expect(always?.[2]).toBeLessThan(10);
}, 60_000);

test("bench druid-cache --quick computes what is published, of a lone viewer", async () => {
  const args = ["bench", "druid-cache", "--quick", "--filter", "1 viewer"];
  const { audiences } = await kvdalJson<DruidCacheReport>(args);
  expect(audiences.map(({ viewers, oneOff }) => [viewers, oneOff])).toEqual([[1, 0]]);
  for (const { computed } of audiences) {
    expect(Object.values(computed).every(Number.isFinite)).toBe(true);
    // Nobody else has just asked for the newest minute.
    expect(computed.sourceQueries).toBe(0);
    expect(computed.partialHits).toBeGreaterThan(0);
    expect(computed.dataFromCache).toBeGreaterThan(0);
  }
}, 60_000);

const REFUSALS: readonly (readonly [args: readonly string[], says: string])[] = [
  [["deletes", "--engine", "memcached"], "wanted one of: memory, rocksdb, cassandra, dynamodb"],
  [["--engine", "memory"], "wanted none with this bench"],
  [["nothing-of-this-name"], `wanted one of: ${BENCHES.map(({ name }) => name).join(", ")}`],
  [["--filter", "nothing of this name"], "wanted part of a name that kvdal bench micro prints"],
  [["compression", "--filter", "brotli"], "a name that kvdal bench compression prints"],
];

test("bench refuses names that are none, and options of other benches", async () => {
  const runs = await kvdalEach(REFUSALS.map(([args]) => ["bench", "--quick", ...args]));
  for (const [i, [args, says]] of REFUSALS.entries()) {
    expect(runs[i]?.stderr, args.join(" ")).toContain(says);
    expect(runs[i]?.code, args.join(" ")).toBe(2);
  }
}, 60_000);

test("documents are JSON of 200 to 2,000 bytes, and the same each time", () => {
  const documents = jsonDocuments(300, 7);
  expect(jsonDocuments(300, 7)).toEqual(documents);
  expect(jsonDocuments(300, 8)).not.toEqual(documents);
  for (const document of documents) {
    expect(JSON.parse(Buffer.from(document).toString("utf8"))).toBeTypeOf("object");
    expect(document.length).toBeGreaterThanOrEqual(200);
    expect(document.length).toBeLessThanOrEqual(2000);
  }
});

test("bench scan --quick reads all rows of the engines asked for, both ways", async () => {
  const args = ["bench", "scan", "--quick", "--engine", "memory", "--engine", "rocksdb"];
  const report = await kvdalJson<ScanReport>(args);
  expect(report.engines.map(({ engine }) => engine)).toEqual(["memory", "rocksdb"]);
  for (const result of report.engines) {
    if ("skipped" in result) throw new Error(`${result.engine} is always there`);
    expect(result.figures.map(({ segments }) => segments)).toEqual([1, 4]);
    for (const { bare, client, bareCpu, clientCpu, ratio } of result.figures) {
      for (const spread of [bare, client, bareCpu, clientCpu]) expectSpread(spread);
      expect(ratio).toBe(client.median / bare.median);
    }
  }
}, 60_000);
