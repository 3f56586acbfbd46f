/** `kvdal conformance ENGINE`: runs the cases of the contract against an engine. */
import { Command, Option } from "commander";
import {
  cacheCases,
  type CaseResult,
  CLUSTER_NODES,
  type ConformanceReport,
  modeOptions,
  reportJson,
  resultLines,
  storageCases,
  summaryLines,
} from "kvdal/conformance";
import { CACHE_ENGINES, CACHE_TWINS, ENGINE_NAMES } from "./engine-by-name.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { fold } from "./fold.ts";
import { isOwnEngine, OWN_ENGINE } from "./own-engine.ts";
import { runConformance } from "./run-conformance.ts";
import { visible } from "./visible.ts";
import { wholeNumber } from "./whole-number.ts";

/** What a case says of itself here. */
type Listed = { readonly id: string; readonly rules: readonly string[]; readonly title: string };

type Options = {
  readonly json?: boolean;
  readonly list?: boolean;
  readonly verbose?: boolean;
  readonly case?: readonly string[];
  readonly parallel?: number;
  readonly chunkAbove?: number;
  readonly compress?: "zstd" | "lz4";
  readonly timeout?: number;
  readonly nodes?: number;
  readonly cache?: string;
};

const EXAMPLES = `
Engines: ${ENGINE_NAMES.join(", ")};
or one of your own: ${OWN_ENGINE} that resolves with { adapter }
(EngineUnderTest of "kvdal/conformance" says what else it may say).
Real engines are found by KVDAL_CASSANDRA, KVDAL_DYNAMODB, KVDAL_MEMCACHED, as containers or as plain processes.
A case whose needs the engine does not declare is skipped, with the reason, and never counts as passed.

Examples:
  kvdal conformance memory
  kvdal conformance rocksdb --case ttl/exact           one case again
  kvdal conformance cassandra --case 'ties/*' --json   a topic, for a program to read
  kvdal conformance cassandra --nodes 3                on three nodes, a copy on each, LOCAL_QUORUM both ways
  kvdal conformance memory --chunk-above 16            all of them, with hardly a value inline
  kvdal conformance memory --compress zstd             all of them, compressed where that pays
  kvdal conformance cassandra --cache memcached        all of them, with a cache in front of the engine
  kvdal conformance ./my-engine.ts                     an engine of your own
  kvdal conformance memcached --list                   what would run

Exit codes: 0 all passed, 1 a case failed, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("Judges an engine by the cases of the contract.")
    .argument("<engine>", "its name, or a file that exports it, see below")
    .option("--json", "print the report as JSON, and nothing else")
    .option("--list", "print the cases instead of running them")
    .option("--verbose", "print a line for every case, not only for those that fail")
    .option("--case <id...>", "only these; a topic is 'topic/*'")
    .option(
      "--chunk-above <bytes>",
      "mode: values longer than this lie in chunks, in all cases",
      wholeNumber(0, 1024 * 1024),
    )
    .addOption(
      new Option("--compress <codec>", "mode: values of any size are compressed").choices([
        "zstd",
        "lz4",
      ]),
    )
    .addOption(
      new Option("--cache <name>", "mode: a cache stands in front of every namespace").choices(
        CACHE_ENGINES,
      ),
    )
    .option("--parallel <n>", "cases at a time", wholeNumber(1, 64))
    .option("--timeout <seconds>", "time a case has", wholeNumber(1, 3600))
    .option(
      "--nodes <n>",
      "of cassandra: 1, or 3 with a copy on each",
      wholeNumber(1, CLUSTER_NODES),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (engine: string, options: Options) => {
      checkEngine(engine);
      checkNodes(engine, options.nodes);
      checkMode(engine, options);
      const ids = chooseIds(engine, options.case);
      const chosen = casesOf(engine).filter(({ id }) => ids.has(id));
      if (options.list === true) list(chosen, options);
      else process.exitCode = await judge(engine, ids, options);
    });
}

function casesOf(engine: string): readonly Listed[] {
  return isCache(engine) ? cacheCases : storageCases;
}

function isCache(engine: string): boolean {
  return [...CACHE_ENGINES, ...CACHE_TWINS].includes(engine);
}

function checkEngine(engine: string): void {
  if (ENGINE_NAMES.includes(engine) || isOwnEngine(engine)) return;
  const wanted = `one of: ${ENGINE_NAMES.join(", ")}; or ${OWN_ENGINE}`;
  throw new CliError(EXIT_USAGE, `the engine is "${engine}", wanted ${wanted}`);
}

function checkNodes(engine: string, nodes: number | undefined): void {
  if (nodes === undefined || nodes === 1) return;
  if (engine === "cassandra" && nodes === CLUSTER_NODES) return;
  const wanted = `1, or ${CLUSTER_NODES} of cassandra`;
  throw new CliError(EXIT_USAGE, `--nodes is ${nodes} of ${engine}, wanted ${wanted}`);
}

/** Modes say how namespaces are made, and the cases of a cache are asked of the cache alone. */
function checkMode(engine: string, { chunkAbove, compress, cache }: Options): void {
  if (!isCache(engine)) return;
  const modes = modeOptions({ chunkAbove, compress, cache }).trim();
  if (modes === "") return;
  const wanted = "wanted an engine that holds records, or none of these options";
  throw new CliError(EXIT_USAGE, `${modes} is of namespaces, and ${engine} is a cache; ${wanted}`);
}

/** The ids that were asked for, all by default. Throws for a pattern that fits none. */
function chooseIds(engine: string, patterns: readonly string[] | undefined): ReadonlySet<string> {
  const ids = casesOf(engine).map(({ id }) => id);
  if (patterns === undefined) return new Set(ids);
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const fits = (id: string): boolean =>
      pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
    const found = ids.filter(fits);
    if (found.length === 0) {
      const wanted = `an id, or 'topic/*', of kvdal conformance ${engine} --list`;
      throw new CliError(EXIT_USAGE, `the case is "${pattern}", wanted ${wanted}`);
    }
    for (const id of found) chosen.add(id);
  }
  return chosen;
}

function list(cases: readonly Listed[], { json = false }: Options): void {
  const plain = cases.map(({ id, rules, title }) => ({ id, rules, title }));
  if (json) {
    process.stdout.write(`${JSON.stringify(plain, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(...plain.map(({ id }) => id.length));
  print(plain.map(({ id, rules, title }) => `${id.padEnd(width)}  ${title} (${rules.join(", ")})`));
  print([`${plain.length} cases`]);
}

async function judge(engine: string, ids: ReadonlySet<string>, options: Options): Promise<number> {
  const {
    json = false,
    verbose = false,
    parallel,
    timeout,
    nodes,
    chunkAbove,
    compress,
    cache,
  } = options;
  if (!json) print([`conformance of ${engine}: ${ids.size} cases`]);
  const progress = new Progress(ids.size);
  const report = await runConformance(engine, {
    ids,
    parallel,
    mode: { chunkAbove, compress, cache },
    timeoutSeconds: timeout,
    nodes,
    onResult: (result: CaseResult) => {
      if (json) return;
      progress.note(result);
      if (verbose || result.status === "failed") print(resultLines(result));
    },
  });
  if (json) process.stdout.write(reportJson(report));
  else print(summaryLines(report));
  return exitCodeOf(report);
}

/** Says on standard error, now and then, how far the run is: cases of real engines take minutes. */
class Progress {
  readonly #cases: number;
  #done = 0;
  #failed = 0;
  #toldAt = performance.now();

  constructor(cases: number) {
    this.#cases = cases;
  }

  note({ status }: CaseResult): void {
    this.#done += 1;
    if (status === "failed") this.#failed += 1;
    if (performance.now() - this.#toldAt < PROGRESS_EVERY_MILLIS) return;
    this.#toldAt = performance.now();
    const failed = this.#failed === 0 ? "none failed" : `${this.#failed} FAILED`;
    process.stderr.write(`${this.#done} of ${this.#cases} cases, ${failed}\n`);
  }
}

const PROGRESS_EVERY_MILLIS = 2_000;

function exitCodeOf(report: ConformanceReport): number {
  return report.failed > 0 ? EXIT_FAILED : 0;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${fold(visible(line))}\n`);
}
