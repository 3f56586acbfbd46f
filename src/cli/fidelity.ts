/** `kvdal fidelity [PAIR...]`: the same drawn lists of operations on a simulated engine and on a real one. */
import { Command } from "commander";
import { type FidelityFailure, type FidelityReport, SEED_MAX } from "kvdal/sim";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { FIDELITY_PAIRS, runFidelity } from "./run-fidelity.ts";
import { wholeNumber } from "./whole-number.ts";
import { PROGRAM } from "./program.ts";

type Options = { readonly lists: number; readonly seed: number; readonly json?: boolean };

const LISTS_DEFAULT = 200;

const EXAMPLES = `
Pairs: ${FIDELITY_PAIRS.join(", ")}; without a name, all of them.
The first of a pair is compared with the second: every outcome, row, version, page and error code of every operation.
What the port leaves open is not told: which rows count towards a limit, the order of records in a scan, expired rows.
A list on which the two differ is shrunk, and shown with the last answer of both.

Examples:
  kvdal fidelity                                     200 lists on each pair
  kvdal fidelity conditional-dynamodb --lists 2000
  kvdal fidelity replicated-cassandra --seed 17 --lists 1    one list again

Exit codes: 0 no difference, 1 there is one, 2 wrong usage, 3 an engine is not available.`;

/** The command. */
export function fidelityCommand(): Command {
  return new Command("fidelity")
    .description("Runs drawn operations on simulated and real engines and compares every answer.")
    .argument("[pairs...]", "which engines; default: all pairs")
    .option("--lists <n>", "lists of operations", wholeNumber(1, 1_000_000), LISTS_DEFAULT)
    .option("--seed <s>", "seed of the first list", wholeNumber(0, SEED_MAX), 1)
    .option("--json", "print the reports as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (pairs: readonly string[], options: Options) => {
      for (const pair of pairs) checkPair(pair);
      const reports: FidelityReport[] = [];
      for (const pair of pairs.length === 0 ? FIDELITY_PAIRS : pairs) {
        const report = await runFidelity(pair, options);
        reports.push(report);
        if (options.json !== true) print(report);
      }
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
      }
      const isEqual = reports.every(({ differences }) => differences.length === 0);
      process.exitCode = isEqual ? 0 : EXIT_FAILED;
    });
}

function checkPair(pair: string): void {
  if (FIDELITY_PAIRS.includes(pair)) return;
  const wanted = FIDELITY_PAIRS.join(", ");
  throw new CliError(EXIT_USAGE, `the pair is "${pair}", wanted one of: ${wanted}`);
}

function print({ pair, lists, operations, micros, differences }: FidelityReport): void {
  const seconds = (micros / 1_000_000).toFixed(1);
  const found = differences.length === 0 ? "no difference" : `${differences.length} differ`;
  const lines = [
    `${pair}: ${lists} lists, ${operations} operations, ${seconds} s: ${found}`,
    ...differences.flatMap((difference) => linesOf(pair, difference)),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function linesOf(pair: string, { seed, operations, left, right }: FidelityFailure): string[] {
  const [one, other] = pair.split("-");
  return [
    `  list ${seed}, ${operations.length} operations:`,
    ...operations.map((operation) => `    ${operation}`),
    `    ${one} answered   ${left}`,
    `    ${other} answered   ${right}`,
    `    repeat: ${PROGRAM} fidelity ${pair} --seed ${seed} --lists 1`,
  ];
}
