/** `kvdal faults`: every kind of fault that simulated worlds know. */
import { Command } from "commander";
import { type FaultEntry, FAULTS } from "kvdal/sim";
import { print } from "./print.ts";

type Options = { readonly json?: boolean };

const EXAMPLES = `
Where a kind has a range, its size is drawn from there. How often each fired in a campaign, and how often that mattered,
is in the JSON of 'kvdal sim --json'. A planted bug in brackets was not yet seen to need its fault.

Examples:
  kvdal faults             a line a kind: family, range, planted bug, what happens
  kvdal faults --json      with knobs, and with when one that fired counts as one that mattered`;

/** The command. */
export function faultsCommand(): Command {
  return new Command("faults")
    .description("Lists the kinds of fault that simulated worlds know.")
    .option("--json", "print the list as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(({ json = false }: Options) => {
      print({ json }, FAULTS.map(asJson), tableLines());
    });
}

function asJson(entry: FaultEntry): Record<string, unknown> {
  const { trouble, bug, ...rest } = entry;
  return {
    ...rest,
    nodes: trouble?.nodes ?? null,
    lasts: trouble?.lasts ?? null,
    bug: bug ?? null,
  };
}

function tableLines(): readonly string[] {
  const rows = FAULTS.map((entry) => [
    entry.name,
    entry.family,
    rangeOf(entry),
    bugOf(entry),
    entry.what,
  ]);
  const table = [["Fault", "Family", "Range", "Planted bug", "What happens"], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...table.map((row) => (row[i] ?? "").length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, `${FAULTS.length} kinds`];
}

const UNITS = { us: " µs", ppm: " ppm", times: "", none: "" } as const;

function rangeOf({ low, high, unit, trouble }: FaultEntry): string {
  if (high > 0) return `${low} to ${high}${UNITS[unit]}`;
  const [least, most] = trouble?.lasts ?? [0, 0];
  return most === 0 ? "" : `for ${least} to ${most} µs`;
}

function bugOf({ bug }: FaultEntry): string {
  if (bug === undefined) return "";
  return bug.isProven ? bug.mutant : `(${bug.mutant})`;
}
