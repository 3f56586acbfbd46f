/** `kvdal corruptors`: damages answers of sound worlds, and says which oracle catches it by which rule. */
import { Command } from "commander";
import { type CorruptorResult, REPLICATED, runCorruptors, SEED_MAX } from "kvdal/sim";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = { readonly worlds: number; readonly from: number; readonly json?: boolean };

const EXAMPLES = `
Each corruptor damages one answer, drawn by chance, in the history of a sound world, as a bug between the server's
answer and its client would. A damage that a sound system could have answered with (another client wrote meanwhile) is
harmless and does not count; a checker that tries every possible world says so. All others must be caught.

Examples:
  kvdal corruptors                  each of them in 300 worlds
  kvdal corruptors --worlds 2000    in more of them
  kvdal corruptors --json           for a program to read

Exit codes: 0 all caught, 1 one was not, or never applied, 2 wrong usage.`;

/** The command. */
export function corruptorsCommand(): Command {
  return new Command("corruptors")
    .description("Damages answers of sound worlds and says which oracle catches it.")
    .option("--worlds <n>", "number of worlds", wholeNumber(1, 1_000_000), 300)
    .option("--from <s>", "first seed", wholeNumber(0, SEED_MAX), 1)
    .option("--json", "print the results as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async ({ worlds, from, json = false }: Options) => {
      const onProgress = (done: number): void => {
        if (!json) process.stderr.write(`${done} of ${worlds} worlds\n`);
      };
      const results = await runCorruptors({
        factory: REPLICATED,
        firstSeed: from,
        seeds: worlds,
        onProgress,
      });
      print({ json }, results, [HEAD, ...results.map(line), sum(results)]);
      process.exitCode = results.every(isCaught) ? 0 : EXIT_FAILED;
    });
}

const HEAD: string = `        ${"Corruptor".padEnd(29)}  caught of applied  harmless  by`;

function line(result: CorruptorResult): string {
  const { name, applied, caught, harmless, rules, oracles, missed } = result;
  const by = `${Object.keys(oracles).join(", ")}: ${Object.entries(rules)
    .toSorted(([, one], [, other]) => other - one)
    .map(([rule, times]) => `${rule} ${times}`)
    .join(", ")}`;
  const words = isCaught(result) ? "caught " : "MISSED ";
  const seeds = missed.length === 0 ? "" : `; not in seeds ${missed.slice(0, 5).join(", ")}`;
  const count = `${String(caught).padStart(6)} of ${String(applied).padEnd(7)}`;
  return `${words} ${name.padEnd(29)}  ${count}  ${String(harmless).padStart(8)}  ${by}${seeds}`;
}

function isCaught({ applied, caught }: CorruptorResult): boolean {
  return applied > 0 && caught === applied;
}

function sum(results: readonly CorruptorResult[]): string {
  const total = (of: (one: CorruptorResult) => number): number =>
    results.reduce((all, one) => all + of(one), 0);
  const caught = `${total((one) => one.caught)} of ${total((one) => one.applied)} damages caught`;
  return `${results.length} corruptors, ${caught}; ${total((one) => one.harmless)} were harmless.`;
}
