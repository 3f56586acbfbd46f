/** `kvdal oracles`: holds the oracles against a checker that tries every possible world, on small histories. */
import { Command } from "commander";
import { type Comparison, compareOracles, figure, SEED_MAX } from "kvdal/sim";
import { EXIT_FAILED } from "./exit.ts";
import { print } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

type Options = { readonly histories: number; readonly from: number; readonly json?: boolean };

const EXAMPLES = `
Small histories (three clients, three keys, eight writes) come out of a tiny reference model; in every second one an
answer is changed. The oracles of 'kvdal sim' and a brute-force checker, written from the contract alone, must
agree on each: what the one calls a violation, no possible world explains.

Examples:
  kvdal oracles                         100,000 histories
  kvdal oracles --histories 1000000     more of them
  kvdal oracles --from 4711 --histories 1    one again

Exit codes: 0 they agree, 1 they do not, 2 wrong usage.`;

/** The command. */
export function oraclesCommand(): Command {
  return new Command("oracles")
    .description("Holds the oracles against a brute-force checker.")
    .option("--histories <n>", "number of histories", wholeNumber(1, 100_000_000), 100_000)
    .option("--from <s>", "first seed", wholeNumber(0, SEED_MAX), 1)
    .option("--json", "print the figures as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(({ histories, from, json = false }: Options) => {
      const onProgress = (done: number): void => {
        if (!json) process.stderr.write(`${done} of ${histories} histories\n`);
      };
      const result = compareOracles({ first: from, histories, onProgress });
      print({ json }, result, linesOf(result));
      process.exitCode = result.disagreements.length === 0 ? 0 : EXIT_FAILED;
    });
}

function linesOf(result: Comparison): readonly string[] {
  const { histories, writes, reads, sound, damages, rules, disagreements } = result;
  const damaged = Object.values(damages);
  const violations = damaged.reduce((sum, one) => sum + one.violations, 0);
  const changed = damaged.reduce((sum, one) => sum + one.histories, 0);
  return [
    `Ran      ${figure(histories)} histories: ${figure(writes)} writes, ${figure(reads)} reads.`,
    `Sound    ${figure(sound)}, of which nobody may report any.`,
    `Damaged  ${figure(changed)}, ${figure(violations)} of them beyond what a sound system could have answered:`,
    `         ${"kind of damage".padEnd(34)}  beyond of made`,
    ...Object.entries(damages).map(
      ([kind, count]) =>
        `         ${kind.padEnd(34)} ${figure(count.violations).padStart(7)} of ${figure(count.histories)}`,
    ),
    `Rules    ${Object.entries(rules)
      .map(([rule, times]) => `${rule} ${figure(times)}`)
      .join(", ")}`,
    `Weaker   ${figure(result.onlyKeyByKey)} with pages that no one moment explains: pages are of several.`,
    `         ${figure(result.alikeAndWrong)} with replicas alike and wrong: left to reading everything back.`,
    ...disagreements
      .slice(0, 10)
      .map(
        ({ seed, damage = "nothing", oracles = "nothing", checker = "nothing" }) =>
          `FAILED   seed ${seed} (changed: ${damage}): oracles say ${oracles}; checker says ${checker}`,
      ),
    `Result   ${disagreements.length === 0 ? "they agree on all." : `they disagree on ${figure(disagreements.length)}.`}`,
  ];
}
