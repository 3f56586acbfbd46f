/** The command line of `kvdal sim`: its options, and what they ask for together. */
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type Asked,
  FAULT_SWITCHES,
  type FaultSwitch,
  SEED_MAX,
  type Shard,
  type WorkloadName,
} from "kvdal/sim";
import { duration } from "../duration.ts";
import { CACHE_ENGINES, STORAGE_ENGINES } from "../engine-by-name.ts";
import { CliError, EXIT_USAGE } from "../exit.ts";
import { wholeNumber } from "../whole-number.ts";
import { addWorkloadOption } from "../workload-option.ts";
import { isSimulated, SIMULATED_ENGINES } from "./engines.ts";
import type { PrintOptions } from "./print.ts";
import { commitIn, seedOf } from "./seed-of-commit.ts";

/** As commander reads them. */
export type SimOptions = {
  readonly seeds?: number;
  readonly seed?: number;
  readonly for?: number;
  readonly from: number | "commit";
  readonly shard: Shard;
  readonly workers?: number;
  readonly state?: string;
  readonly engine?: string;
  readonly cache?: string;
  readonly faults?: readonly FaultSwitch[];
  readonly workload?: readonly WorkloadName[];
  readonly twice?: boolean;
  readonly keep?: string;
  readonly corpus: boolean;
} & PrintOptions;

/** Worlds of a campaign that names no number: about a minute of CPU time over simulated replicas. */
const SEEDS_DEFAULT = 5_000;
/** The same over a real engine, where a world takes about a tenth of a second. */
const SEEDS_DEFAULT_REAL = 50;
const SHARDS_MAX = 10_000;

/** Adds the options to the command. */
export function addSimOptions(command: Command): Command {
  const before = command
    .option("--seeds <n>", "number of worlds", wholeNumber(1, 100_000_000))
    .addOption(
      new Option("--seed <s>", "one world, by its seed")
        .argParser(wholeNumber(0, SEED_MAX))
        .conflicts(["seeds", "for", "from", "shard", "state"]),
    )
    .addOption(
      new Option("--for <time>", "as many worlds as there is time for: 90s, 10m, 1h30m")
        .argParser(duration)
        .conflicts("seeds"),
    )
    .addOption(
      new Option("--from <s>", "first seed, or commit: one that follows from the commit's hash")
        .argParser(firstSeed)
        .default(1),
    )
    .addOption(
      new Option("--shard <i/n>", "of every n seeds the ith; env/n: by JOB_COMPLETION_INDEX")
        .argParser(shard)
        .default({ index: 0, of: 1 }, "1/1"),
    )
    .option(
      "--workers <n>",
      "processes that run worlds; by default, of many, one a core",
      wholeNumber(1, 1_000),
    )
    .option("--state <file>", "keep what is done in this file, and go on from there")
    .option(
      "--engine <name>",
      `simulated: ${SIMULATED_ENGINES.join(", ")}; real: ${STORAGE_ENGINES.join(", ")}, or a file that exports one, see conformance`,
    )
    .option(
      "--cache <name>",
      `a cache in front of the engine of every world: simulated, ${CACHE_ENGINES.join(", ")}`,
    )
    .option(
      "--faults <list>",
      "no other kinds of fault than those, none for none at all; what a wrong name gets is the list",
      faultKinds,
    );
  return addWorkloadOption(before)
    .option("--twice", "run every world twice and compare fingerprints")
    .option("--no-corpus", "leave out the plans that are kept in the tree, and run first")
    .option("--keep <folder>", "write a plan file for every failing world, for kvdal replay");
}

/** What the options ask for, of worlds over that engine and cache. */
export function askedBy(options: SimOptions): Asked {
  const { seed, engine, cache, shard } = options;
  const forMillis = options.for ?? null;
  const fallback = isSimulated({ engine, cache }) ? SEEDS_DEFAULT : SEEDS_DEFAULT_REAL;
  const seeds = forMillis === null ? (options.seeds ?? fallback) : null;
  const asked: Asked = {
    engine: engine ?? "replicated",
    cacheEngine: cache ?? null,
    twice: options.twice === true,
    faults: options.faults ?? null,
    workloads: options.workload ?? null,
    firstSeed: seed ?? (options.from === "commit" ? seedOfCommit() : options.from),
    seeds: seed === undefined ? seeds : 1,
    forMillis,
    shard,
  };
  checkSeeds(asked);
  return asked;
}

function checkSeeds({ firstSeed, seeds, shard }: Asked): void {
  if (seeds !== null && firstSeed + seeds - 1 > SEED_MAX) {
    const found = `seeds ${firstSeed} to ${firstSeed + seeds - 1}`;
    throw new CliError(EXIT_USAGE, `the campaign is of ${found}, wanted none above ${SEED_MAX}`);
  }
  if (seeds !== null && shard.of > seeds) {
    const message = `there are ${shard.of} shards of ${seeds} seeds, wanted a seed for each`;
    throw new CliError(EXIT_USAGE, message);
  }
}

function firstSeed(text: string): number | "commit" {
  if (text === "commit") return text;
  try {
    return wholeNumber(0, SEED_MAX)(text);
  } catch {
    throw new InvalidArgumentError(`Wanted a whole number from 0 to ${SEED_MAX}, or commit.`);
  }
}

function seedOfCommit(): number {
  try {
    const hash = commitIn(process.cwd());
    const seed = seedOf(hash);
    process.stderr.write(
      `Seeds from ${seed}, by commit ${hash}; --from ${seed} is the same without git.\n`,
    );
    return seed;
  } catch (error) {
    const { stderr, message: said } = error as Error & { readonly stderr?: string };
    const why = (stderr ?? said).trim();
    const message = `--from commit: git says no commit (${why}), wanted a checkout; --from takes a number, too`;
    throw new CliError(EXIT_USAGE, message);
  }
}

/** Kinds of faults by name, in the order of their list, so that the same kinds are the same campaign. */
export function faultKinds(text: string): readonly FaultSwitch[] {
  const names = text === "none" ? [] : text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !FAULT_SWITCHES.some((kind) => kind === name));
  if (unknown.length > 0) {
    const found = unknown.map((name) => `"${name}"`).join(", ");
    throw new InvalidArgumentError(
      `There is no ${found}, wanted none or: ${FAULT_SWITCHES.join(", ")}.`,
    );
  }
  return FAULT_SWITCHES.filter((kind) => names.includes(kind));
}

/** Shards count from 1, a Kubernetes indexed Job from 0. */
function shard(text: string): Shard {
  const [, place = "", count = ""] = /^(env|\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const of = Number(count);
  if (!(of >= 1 && of <= SHARDS_MAX)) {
    throw new InvalidArgumentError(`Wanted i/n or env/n, with n from 1 to ${SHARDS_MAX}.`);
  }
  const index = place === "env" ? jobIndex() : Number(place) - 1;
  if (!(index >= 0 && index < of)) {
    const from = place === "env" ? "JOB_COMPLETION_INDEX from 0" : "i from 1";
    throw new InvalidArgumentError(`Wanted ${from} to ${place === "env" ? of - 1 : of}.`);
  }
  return { index, of };
}

function jobIndex(): number {
  const text = process.env["JOB_COMPLETION_INDEX"] ?? "";
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
}
