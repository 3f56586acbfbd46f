/**
 * What compression saves on small JSON values, and what it costs. A dictionary is trained on one half of the documents
 * and every codec is measured on the other, in turn, so that all of them meet the same load. Bytes are those that are
 * stored, metadata of the compression included; time is CPU time of this process, both ways, as client and server
 * spend it. The parts that a filter chooses from are the codecs.
 */
import { loadLz4 } from "kvdal";
import {
  type CodecParts,
  compressValue,
  type CompressionWish,
  decompressValue,
  type DictionaryGain,
  inPlace,
  lz4,
  noDictionaries,
  storedBytes,
  type StoredValue,
  trainDictionary,
  zstd,
} from "kvdal/client";
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import { type Spread, spreadOf } from "../report.ts";
import { jsonDocuments } from "./json-documents.ts";

const NAMESPACE = "bench";
const SEED = 1;
const ROUNDS = 9;

/** One way to store the documents. */
type Variant = {
  readonly name: string;
  readonly codec: CompressionWish["codec"];
  readonly parts: CodecParts;
};

/** What it came to. */
export type CompressionResult = {
  readonly name: string;
  /** Of all documents, with what compression adds to their metadata. */
  readonly storedBytes: number;
  /** `storedBytes` in parts of the bytes given. */
  readonly share: number;
  /** CPU microseconds a document. */
  readonly compressMicros: Spread;
  readonly decompressMicros: Spread;
};

/** The report. */
export type CompressionReport = BenchPlace & {
  readonly documents: {
    readonly trainedOn: number;
    readonly measured: number;
    readonly bytes: number;
    readonly documentBytes: Spread;
  };
  readonly dictionary: {
    readonly bytes: number;
    readonly trainingMillis: number;
    readonly gain: DictionaryGain;
  };
  readonly codecs: readonly CompressionResult[];
};

/** Runs it. Nothing but the filtered codecs is measured; the dictionary is trained in any case. */
export async function runCompressionBench(
  options: BenchOptions,
): Promise<CompressionReport | undefined> {
  const half = options.quick ? 200 : 2000;
  const documents = jsonDocuments(2 * half, SEED);
  const begun = performance.now();
  const trained = trainDictionary(documents.slice(0, half));
  if (trained === undefined) throw new Error("the documents have nothing in common");
  const trainingMillis = performance.now() - begun;
  const variants = (await variantsWith(trained.content)).filter(({ name }) =>
    name.includes(options.filter),
  );
  if (variants.length === 0) return undefined;
  const measured = documents.slice(half);
  const lengths = measured.map(({ length }) => length);
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  const codecs = await measureAll(variants, measured, bytes);
  for (const codec of codecs) options.say(lineOf(codec));
  const { content, gain } = trained;
  options.say(
    `${measured.length} JSON documents of ${Math.min(...lengths)} to ${Math.max(...lengths)} bytes; ` +
      `a dictionary of ${content.length} bytes, from as many others in ${Math.round(trainingMillis)} ms`,
  );
  return {
    ...benchPlace(),
    documents: { trainedOn: half, measured: half, bytes, documentBytes: spreadOf(lengths) },
    dictionary: { bytes: content.length, trainingMillis, gain },
    codecs,
  };
}

async function variantsWith(dictionary: Uint8Array): Promise<readonly Variant[]> {
  const library = await loadLz4();
  if (library === undefined) throw new Error("lz4-napi is not installed, wanted npm ci");
  const id = "9c1e55f00d12";
  const plain = { codecs: [zstd, lz4(library)], compressor: inPlace, dictionaries: noDictionaries };
  const dictionaries = { current: () => id, find: () => dictionary, fetch: async () => dictionary };
  return [
    { name: "none", codec: "none", parts: plain },
    { name: "lz4", codec: "lz4", parts: plain },
    { name: "zstd", codec: "zstd", parts: plain },
    { name: "zstd with dictionary", codec: "zstd", parts: { ...plain, dictionaries } },
  ];
}

async function measureAll(
  variants: readonly Variant[],
  documents: readonly Uint8Array[],
  bytes: number,
): Promise<readonly CompressionResult[]> {
  const tallies = variants.map((variant) => ({
    variant,
    storedBytes: 0,
    compress: [] as number[],
    decompress: [] as number[],
  }));
  // One round more than counts: in the first the code is compiled.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const tally of tallies) {
      const { stored, compress, decompress } = await measure(tally.variant, documents);
      tally.storedBytes = stored.reduce((sum, value) => sum + storedBytes(value), 0);
      if (round === 0) continue;
      tally.compress.push(compress);
      tally.decompress.push(decompress);
    }
  }
  return tallies.map(({ variant, storedBytes, compress, decompress }) => ({
    name: variant.name,
    storedBytes,
    share: storedBytes / bytes,
    compressMicros: spreadOf(compress),
    decompressMicros: spreadOf(decompress),
  }));
}

/** All documents there and back, in CPU microseconds a document. */
async function measure(
  { codec, parts }: Variant,
  documents: readonly Uint8Array[],
): Promise<{ stored: readonly StoredValue[]; compress: number; decompress: number }> {
  const wish = { namespace: NAMESPACE, codec, otherSide: ["zstd", "lz4"] };
  const bounds = { namespace: NAMESPACE, valueBytesMax: 1024 * 1024 };
  const stored: StoredValue[] = [];
  let begun = process.cpuUsage();
  for (const document of documents) stored.push(await compressValue(document, wish, parts));
  const compress = microsSince(begun) / documents.length;
  let decoded = 0;
  begun = process.cpuUsage();
  for (const { bytes, compression } of stored) {
    decoded += (await decompressValue(bytes, compression, bounds, parts)).length;
  }
  const decompress = microsSince(begun) / documents.length;
  const wanted = documents.reduce((sum, { length }) => sum + length, 0);
  if (decoded !== wanted) throw new Error(`${decoded} bytes came back, wanted ${wanted}`);
  return { stored, compress, decompress };
}

function microsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}

function lineOf({ name, share, compressMicros, decompressMicros }: CompressionResult): string {
  const stored = `${(share * 100).toFixed(1)} % stored`.padStart(15);
  const micros = ({ median, p25, p75 }: Spread): string =>
    `${median.toFixed(1)} CPU-µs (${p25.toFixed(1)} to ${p75.toFixed(1)})`;
  return `${name.padEnd(22)} ${stored}   compress ${micros(compressMicros)}, decompress ${micros(decompressMicros)}`;
}
