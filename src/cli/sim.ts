/** `kvdal sim`: a campaign of simulated worlds, over simulated replicas or over a real engine. */
import { randomBytes } from "node:crypto";
import { Command } from "commander";
import {
  type BackendFactory,
  type CampaignResult,
  type KeptFiles,
  CONDITIONAL,
  openRealCache,
  openRealEngine,
  type RealCacheFactory,
  REPLICATED,
  runCampaign,
  summaryJson,
  summaryLines,
} from "kvdal/sim";
import { toHex } from "../model/bytes.ts";
import { systemEnv } from "../system/env.ts";
import { CACHE_ENGINES, cacheByName, STORAGE_ENGINES, storageByName } from "./engine-by-name.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import type { CorpusFailure } from "./corpus-files.ts";
import { plantedBug } from "./planted-bug.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = {
  readonly seeds?: number;
  readonly seed?: number;
  readonly from: number;
  readonly engine?: string;
  readonly cache?: string;
  readonly twice?: boolean;
  readonly keep?: string;
  readonly corpus: boolean;
  readonly json?: boolean;
};

/** Worlds of a campaign that names no number: about ten seconds of simulated replicas. */
const SEEDS_DEFAULT = 5_000;
/** The same over a real engine, where a world takes about a tenth of a second. */
const SEEDS_DEFAULT_REAL = 50;
const SEED_MAX = 2 ** 31 - 1;
/** Least time-out of a native call: virtual time stands still during one, so the plan's budgets say nothing. */
const NATIVE_TIMEOUT_MILLIS = 10_000;

/** Simulated engines, by name: of Cassandra's shape, as without a name, and of DynamoDB's. */
const TWINS: ReadonlyMap<string, BackendFactory> = new Map(
  [REPLICATED, CONDITIONAL].map((factory) => [factory.name, factory]),
);

const EXAMPLES = `
Without --engine the worlds have three simulated replicas at quorum, which is replicated; conditional is a simulated
DynamoDB under the real adapter. With the name of a real engine its native calls are real, clocks, network, latency
and crashes stay simulated.

Examples:
  kvdal sim                                   5,000 worlds
  kvdal sim --seeds 20000 --twice             each world twice, fingerprints compared
  kvdal sim --seed 1234                       one world again
  kvdal sim --keep failures                   a plan file a failing world, for kvdal replay
  kvdal sim --engine conditional              over a simulated DynamoDB
  kvdal sim --engine cassandra --seeds 200    over a real Cassandra
  kvdal sim --engine cassandra --cache memcached --seeds 200    with a real memcached in front

Exit codes: 0 no rule broken, 1 a rule was broken, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function simCommand(): Command {
  return new Command("sim")
    .description("Runs simulated worlds and judges what their clients saw.")
    .option("--seeds <n>", "number of worlds", wholeNumber(1, 100_000_000))
    .option("--seed <s>", "one world, by its seed", wholeNumber(0, SEED_MAX))
    .option("--from <s>", "first seed", wholeNumber(0, SEED_MAX), 1)
    .option(
      "--engine <name>",
      `simulated: ${[...TWINS.keys()].join(", ")}; real: ${STORAGE_ENGINES.join(", ")}`,
    )
    .option(
      "--cache <name>",
      `a cache in front of the engine of every world: simulated, ${CACHE_ENGINES.join(", ")}`,
    )
    .option("--twice", "run every world twice and compare fingerprints")
    .option("--no-corpus", "leave out the plans that are kept in the tree, and run first")
    .option("--keep <folder>", "write a plan file for every failing world, for kvdal replay")
    .option("--json", "print the summary as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      const corpus = await runCorpus(options);
      const engine = await openEngine(options.engine);
      try {
        const cache = await openCache(options.cache);
        try {
          const result = await campaign(engine.factory, cache.factory, options);
          const kept = await keep(result, engine.factory, cache.factory, options);
          print(result, options, kept, corpus);
          const isWell = result.failures.length === 0 && corpus.failing.length === 0;
          process.exitCode = isWell && isSound(result) ? 0 : EXIT_FAILED;
        } finally {
          await cache.stop();
        }
      } finally {
        await engine.stop();
      }
    });
}

/** A campaign over an engine that fails by itself in more than one world of a hundred proves too little. */
function isSound(result: CampaignResult): boolean {
  return result.inconclusive * 100 <= result.worlds;
}

/** An engine for worlds. */
export type OpenEngine = { readonly factory: BackendFactory; readonly stop: () => Promise<void> };

/** The engine side of the worlds; `stop` ends what was started for it. */
export async function openEngine(name: string | undefined): Promise<OpenEngine> {
  const twin = TWINS.get(name ?? REPLICATED.name);
  if (name === undefined || twin !== undefined) {
    return { factory: twin ?? REPLICATED, stop: async () => {} };
  }
  if (!STORAGE_ENGINES.includes(name)) {
    const wanted = [...TWINS.keys(), ...STORAGE_ENGINES].join(", ");
    throw new CliError(EXIT_USAGE, `the engine is "${name}", wanted one of: ${wanted}`);
  }
  const named = await storageByName(name, { timeoutMillisMin: NATIVE_TIMEOUT_MILLIS });
  try {
    const factory = await openRealEngine({
      adapter: named.adapter,
      env: systemEnv(),
      tag: toHex(randomBytes(4)),
    });
    return {
      factory,
      stop: async () => {
        await factory.close();
        await named.stop();
      },
    };
  } catch (error) {
    await named.stop();
    throw error;
  }
}

/** A cache for worlds. */
export type OpenCache = {
  readonly factory: RealCacheFactory | "simulated" | undefined;
  readonly stop: () => Promise<void>;
};

/** The cache of the worlds; `stop` ends what was started for it. */
export async function openCache(name: string | undefined): Promise<OpenCache> {
  if (name === undefined || name === "simulated") {
    return { factory: name, stop: async () => {} };
  }
  if (!CACHE_ENGINES.includes(name)) {
    const wanted = ["simulated", ...CACHE_ENGINES].join(", ");
    throw new CliError(EXIT_USAGE, `the cache is "${name}", wanted one of: ${wanted}`);
  }
  const named = await cacheByName(name);
  const tag = toHex(randomBytes(4));
  const factory = await openRealCache({ adapter: named.adapter, env: systemEnv(), tag });
  return {
    factory,
    stop: async () => {
      await factory.close();
      await named.stop();
    },
  };
}

async function campaign(
  factory: BackendFactory,
  cache: OpenCache["factory"],
  options: Options,
): Promise<CampaignResult> {
  const isSimulated = TWINS.has(factory.name);
  const fallback = isSimulated ? SEEDS_DEFAULT : SEEDS_DEFAULT_REAL;
  const seeds = options.seed === undefined ? (options.seeds ?? fallback) : 1;
  const quiet = options.json === true || seeds === 1;
  if (!quiet) process.stderr.write(`Running ${seeds} worlds over the ${factory.name} engine …\n`);
  return runCampaign({
    factory,
    cache,
    firstSeed: options.seed ?? options.from,
    seeds,
    twice: options.twice === true,
    stopAt: () => false,
    cpuMicros: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    ...(quiet ? {} : { onProgress: progressTo(seeds) }),
  });
}

/** On a terminal one line that is written over; elsewhere a line each tenth of the way. */
function progressTo(seeds: number): (done: number) => void {
  const begun = performance.now();
  let tenths = 0;
  return (done) => {
    const seconds = (performance.now() - begun) / 1000;
    const left = Math.ceil((seconds / done) * (seeds - done));
    const line = `${done} of ${seeds} worlds, ${Math.round(done / seconds)} a second, ${left} s left`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${done === seeds ? "" : line}`);
    } else if (Math.floor((10 * done) / seeds) > tenths) {
      tenths = Math.floor((10 * done) / seeds);
      process.stderr.write(`${line}\n`);
    }
  };
}

/** Plans that were run before all others, and those of them that fail. */
type CorpusRun = { readonly plans: number; readonly failing: readonly CorpusFailure[] };

/** The corpus goes before campaigns over simulated replicas; one world that is asked for goes alone. */
async function runCorpus({ corpus, seed, engine, cache }: Options): Promise<CorpusRun> {
  const isPlain = seed === undefined && engine === undefined && cache === undefined;
  if (!corpus || !isPlain || plantedBug() !== undefined) return { plans: 0, failing: [] };
  const { corpusPlans, failingInCorpus } = await import("./corpus-files.ts");
  const plans = await corpusPlans();
  return { plans: plans.length, failing: await failingInCorpus(plans) };
}

function corpusLines({ plans, failing }: CorpusRun): readonly string[] {
  if (plans === 0) return [];
  if (failing.length === 0) return [`Corpus   ${plans} kept plans first: no rule was broken.`];
  return [
    `Corpus   ${failing.length} of ${plans} kept plans broke a rule:`,
    ...failing.flatMap(({ path, rule, what }) => [
      `  ${rule}: ${what}`,
      `    repeat: npm run kvdal -- replay ${path} --no-mutant`,
    ]),
  ];
}

/** The plan files of the failing worlds, where they are wanted; what writes them is loaded only then. */
async function keep(
  { failures }: CampaignResult,
  factory: BackendFactory,
  cache: OpenCache["factory"],
  { keep: folder }: Options,
): Promise<KeptFiles> {
  if (folder === undefined || failures.length === 0) return new Map();
  const { keepPlans } = await import("./keep-plans.ts");
  return keepPlans(failures, { folder, factory, cache });
}

function print(result: CampaignResult, options: Options, kept: KeptFiles, corpus: CorpusRun): void {
  if (options.json === true) {
    const said = { ...summaryJson(result, kept), corpus };
    process.stdout.write(`${JSON.stringify(said, undefined, 2)}\n`);
    return;
  }
  const next = [
    "",
    "Next     npm run kvdal -- sim --engine rocksdb     the same plans over a real engine",
    "         npm run kvdal -- conformance memory       the contract, case by case",
    "         npm run kvdal -- mutants                  planted bugs, and whether they are found",
    "         npm run kvdal -- --help                   everything else",
  ];
  process.stdout.write(
    `${[...corpusLines(corpus), ...summaryLines(result, kept), ...next].join("\n")}\n`,
  );
}
