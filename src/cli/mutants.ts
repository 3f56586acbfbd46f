/** `kvdal mutants`: plants bugs, one at a time, and says whether simulated worlds find them. */
import { Command, Option } from "commander";
import { countMutants, NEED_TRIALS_LEAST, type Need } from "kvdal/sim";
import { MUTANTS, type Mutant } from "kvdal/sim/mutants";
import { codeVersion } from "./code-version.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { huntAll, measureAll } from "./mutants/hunts.ts";
import { keepKnownSeeds, readKnownSeeds } from "./mutants/known-seeds.ts";
import { keepNeeds } from "./mutants/needs-file.ts";
import { checkPlaces } from "./mutants/places.ts";
import { HuntState } from "./mutants/state-file.ts";
import { countsLine, matrixLines, needLines, summaryLine, verdictLine } from "./mutants/text.ts";
import { isSettled, type Verdict } from "./mutants/verdict.ts";
import { print } from "./print.ts";
import { isSimulated } from "./sim/engines.ts";
import { targetsOf, tryTargets } from "./targets.ts";
import { wholeNumber } from "./whole-number.ts";
import { PROGRAM } from "./program.ts";

type Options = {
  readonly seeds: number;
  readonly trials: number;
  readonly seconds: number;
  readonly ablate: boolean;
  readonly known: boolean;
  readonly keepKnown: boolean;
  readonly state?: string;
  readonly needs?: string;
  readonly engine?: string;
  readonly json?: boolean;
};

/** Trials start a million seeds apart, and seeds end at two to the power of 31. */
const TRIALS_MAX = 2_000;

/** What hunts without a fault are compared with must itself be known well enough. */
const ABLATE_TRIALS_MIN = 20;

const EXAMPLES = `
A planted bug is a one-line change of the source, made while it is loaded; the source itself knows nothing of it.
This verb works on a checkout. Without --engine it takes the bugs that simulated replicas can find.

A trial is a run of consecutive seeds, from a start of its own, until the bug's own rule is broken. Of several, the
mean number of seeds is told with its 95 % interval; the oracles that saw it, with a mark (!) at one without which it
would be lost or cost five times the seeds. --ablate hunts each bug without each kind of fault in turn, and names those
without which the same holds; that takes long, and with --state the same command goes on from where it was ended.
--needs runs worlds until a bug is found so often, the same worlds without each kind that it is said to need, and writes
down what came of it: sim/mutants/needs.json is what 'kvdal faults' and the counts at the end go by.

--known first tries the world that found the bug before, from sim/mutants/known-seeds.json, which --keep-known writes.
Where that one still does, the bug counts as found and nothing is estimated; else the hunt begins as it does otherwise.

Examples:
  kvdal mutants                      those that simulated replicas can find
  kvdal mutants no-tie-break         one of them
  kvdal mutants --known              all, in the shortest time
  kvdal mutants --trials 100         seeds to detect, by family
  kvdal mutants --trials 100 --ablate --state ablation.jsonl
  kvdal mutants --needs sim/mutants/needs.json --seconds 200
  kvdal mutants --engine rocksdb     a bug in the RocksDB adapter, over real RocksDB

Exit codes: 0 all found that can be, 1 one was not, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function mutantsCommand(): Command {
  return new Command("mutants")
    .description("Plants bugs and says whether simulated worlds find them.")
    .argument("[names...]", "bugs to plant; all of the engine's where none is named")
    .option("--seeds <n>", "most worlds a trial", wholeNumber(1, 1_000_000), 2_000)
    .option("--trials <n>", "most trials a bug", wholeNumber(1, TRIALS_MAX), 1)
    .option(
      "--seconds <s>",
      "CPU time a bug; its first trial ends in any case",
      wholeNumber(1, 86_400),
      7,
    )
    .option("--ablate", "hunt without each kind of fault, too", false)
    .addOption(
      // Nothing is estimated then: neither what a fault is needed by, nor what a later run could go on from.
      new Option("--known", "begin with the world that found it before")
        .default(false)
        .conflicts(["ablate", "state"]),
    )
    .option("--keep-known", "keep the seeds of worlds that found bugs, for --known", false)
    .option("--state <file>", "keep what is done in this file, and go on from it")
    .option(
      "--needs <file>",
      "measure what the kinds of fault that bugs need are to them, into this file",
    )
    .option("--engine <name>", "the bugs of this engine's adapter")
    .option("--json", "print the verdicts as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const { engine, ablate, seeds, seconds, known, keepKnown, json = false } = options;
  const mutants = named(names, chosen(engine));
  checkPlaces(mutants);
  tryTargets(targetsOf({ state: options.state, needs: options.needs }));
  if (options.needs !== undefined) return await measure(mutants, options.needs, options);
  const trials = ablate ? Math.max(ABLATE_TRIALS_MIN, options.trials) : options.trials;
  const settings = { seeds, trials, seconds };
  const state = new HuntState(options.state, settings);
  const hunts = { ...settings, engine, ablate, knownSeeds: known ? readKnownSeeds() : undefined };
  const verdicts: Verdict[] = [];
  for await (const verdict of huntAll(mutants, state, hunts)) {
    verdicts.push(verdict);
    if (!json) process.stdout.write(`${verdictLine(verdict)}\n`);
  }
  if (keepKnown) keepKnownSeeds(verdicts);
  const matrix = trials > 1 ? matrixLines(verdicts) : [];
  print({ json }, verdicts, [...matrix, summaryLine(verdicts), countsLine(countMutants())]);
  process.exitCode = verdicts.every(isSettled) ? 0 : EXIT_FAILED;
}

/** Measures the bugs that say which kinds of fault they need, and keeps what comes of it as it comes. */
async function measure(
  mutants: readonly Mutant[],
  file: string,
  { seeds, trials, seconds }: Options,
): Promise<void> {
  const settings = { seeds, seconds, trials: Math.max(NEED_TRIALS_LEAST, trials) };
  const version = await codeVersion();
  const commit = version.slice(version.indexOf("+") + 1);
  const sought = mutants.filter(({ faults }) => faults !== undefined);
  for await (const [{ name }, needs] of measureAll(sought, settings)) {
    const dated = needs.map((need): Need => ({ ...need, commit }));
    keepNeeds(file, name, dated);
    for (const line of needLines(name, dated)) process.stdout.write(`${line}\n`);
  }
}

function chosen(engine: string | undefined): readonly Mutant[] {
  const mutants = MUTANTS.filter((mutant) => {
    return engine === undefined ? isSimulated(mutant) : mutant.engine === engine;
  });
  if (mutants.length > 0) return mutants;
  const names = [...new Set(MUTANTS.flatMap((mutant) => mutant.engine ?? []))].join(", ");
  throw new CliError(
    EXIT_USAGE,
    `the engine is "${engine}", wanted one with planted bugs: ${names}`,
  );
}

function named(names: readonly string[], mutants: readonly Mutant[]): readonly Mutant[] {
  const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    const wanted = `wanted one of ${mutants.length}: ${PROGRAM} rules shows them by rule`;
    throw new CliError(EXIT_USAGE, `no planted bug is called ${unknown.join(", ")}, ${wanted}`);
  }
  return names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name));
}
