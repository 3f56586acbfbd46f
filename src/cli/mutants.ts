/** `kvdal mutants`: plants bugs, one at a time, and says whether simulated worlds find them. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { Failure } from "kvdal/sim";
import { MUTANTS, type Mutant } from "kvdal/sim/mutants";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { wholeNumber } from "./whole-number.ts";

/** What a hunt found in so many worlds. */
export type HuntResult = {
  /** The first failing world. */
  readonly first: Failure | undefined;
  /** The first world that broke the very rule that the bug is said to break. */
  readonly own: Failure | undefined;
  readonly worlds: number;
};

/** A mutant's line of the report. */
type Verdict = {
  readonly name: string;
  readonly family: string;
  readonly rule: string;
  readonly engine: string;
  readonly found: boolean;
  /** Seed of the first world that found it. */
  readonly seed: number | null;
  readonly foundAs: string | null;
  /** Seed of the first world in which the bug's own rule was reported; over real engines the first world has to do. */
  readonly ownSeed: number | null;
  readonly worlds: number;
};

type Options = { readonly seeds: number; readonly engine?: string; readonly json?: boolean };

const EXAMPLES = `
A planted bug is a one-line change of the source, made while it is loaded; the source itself knows nothing of it.
This verb works on a checkout. Without --engine it takes the bugs that simulated replicas can find.

Examples:
  kvdal mutants                      those that simulated replicas can find
  kvdal mutants no-tie-break         one of them
  kvdal mutants --engine rocksdb     a bug in the RocksDB adapter, over real RocksDB

Exit codes: 0 all found, 1 one was not, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function mutantsCommand(): Command {
  return new Command("mutants")
    .description("Plants bugs and says whether simulated worlds find them.")
    .argument("[names...]", "bugs to plant; all of the engine's where none is named")
    .option("--seeds <n>", "most worlds a bug", wholeNumber(1, 1_000_000), 2_000)
    .option("--engine <name>", "the bugs of this engine's adapter")
    .option("--json", "print the verdicts as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (names: readonly string[], options: Options) => {
      const mutants = named(names, chosen(options.engine));
      const verdicts: Verdict[] = [];
      for await (const verdict of huntAll(mutants, options)) {
        verdicts.push(verdict);
        if (options.json !== true) process.stdout.write(`${line(verdict)}\n`);
      }
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify(verdicts, undefined, 2)}\n`);
      }
      process.exitCode = verdicts.every(({ found }) => found) ? 0 : EXIT_FAILED;
    });
}

function chosen(engine: string | undefined): readonly Mutant[] {
  const mutants = MUTANTS.filter((mutant) => mutant.engine === engine);
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
    const wanted = `wanted one of ${mutants.length}: npm run kvdal -- rules shows them by rule`;
    throw new CliError(EXIT_USAGE, `no planted bug is called ${unknown.join(", ")}, ${wanted}`);
  }
  return names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name));
}

/** The verdicts in the order of the bugs, with as many hunts at a time as there are cores; over a real engine one. */
async function* huntAll(
  mutants: readonly Mutant[],
  { engine, seeds }: Options,
): AsyncGenerator<Verdict> {
  const atATime = engine === undefined ? availableParallelism() : 1;
  const hunts: Promise<HuntResult>[] = [];
  for (const [i, mutant] of mutants.entries()) {
    for (const next of mutants.slice(hunts.length, i + atATime)) hunts.push(hunt(next, seeds));
    yield verdictOn(mutant, await (hunts[i] as Promise<HuntResult>));
  }
}

/** Hunts in a process of its own: a planted bug must not be seen by anything else. */
async function hunt(mutant: Mutant, seeds: number): Promise<HuntResult> {
  const program = fileURLToPath(new URL("./mutant-hunt.ts", import.meta.url));
  const child = fork(program, [mutant.name, String(seeds)], { execArgv: process.execArgv });
  return await new Promise((resolve, reject) => {
    child.once("message", (result) => resolve(result as HuntResult));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      reject(new Error(`the hunt for ${mutant.name} ended with ${signal ?? code} and no answer`));
    });
  });
}

function verdictOn(mutant: Mutant, { first, own, worlds }: HuntResult): Verdict {
  return {
    name: mutant.name,
    family: mutant.family,
    rule: mutant.rule,
    engine: mutant.engine ?? "replicated",
    found: first !== undefined,
    seed: first?.seed ?? null,
    foundAs: first === undefined ? null : `${first.rule}: ${first.what}`,
    ownSeed: own?.seed ?? null,
    worlds,
  };
}

function line(verdict: Verdict): string {
  const name = verdict.name.padEnd(30);
  if (!verdict.found) return `MISSED  ${name} in ${verdict.worlds} worlds`;
  const { ownSeed, rule } = verdict;
  const own = ownSeed === null || ownSeed === verdict.seed ? "" : `, as ${rule} in seed ${ownSeed}`;
  return `found   ${name} seed ${String(verdict.seed).padStart(4)}  ${verdict.foundAs}${own}`;
}
