/** `kvdal rules`: the rules of the contract, and what tests each. */
import { Command } from "commander";
import { print } from "./print.ts";
import { isTested, type RuleRow, ruleTable } from "./rule-table.ts";

type Options = { readonly untested?: boolean; readonly json?: boolean };

const EXAMPLES = `
Cases are of 'kvdal conformance', oracles judge the worlds of 'kvdal sim', bugs are planted by 'kvdal mutants'.
The table is made from the code as it stands. What the rules say is in conformance/SPEC.md.

Examples:
  kvdal rules              a line a rule: how many cases, which oracles, which planted bugs
  kvdal rules --untested   rules that neither a case nor an oracle tests, and why
  kvdal rules --json       with every case's id, for a program to read`;

/** The command. */
export function rulesCommand(): Command {
  return new Command("rules")
    .description("Lists the rules of the contract, and what tests each.")
    .option("--untested", "only those that nothing tests, with the reason")
    .option("--json", "print the table as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(({ untested = false, json = false }: Options) => {
      const all = ruleTable();
      const rows = untested ? all.filter((row) => !isTested(row)) : all;
      print({ json }, rows, [...tableLines(rows), count(all)]);
    });
}

const HEAD: readonly string[] = ["Rule", "Cases", "Oracles", "Planted bugs"];

/** Columns as wide as their widest entry; a rule that nothing tests has its reason instead. */
function tableLines(rows: readonly RuleRow[]): readonly string[] {
  const table = rows.map((row) => ({ row, cells: cellsOf(row) }));
  const tested = [HEAD, ...table.filter(({ row }) => isTested(row)).map(({ cells }) => cells)];
  const widths = HEAD.map((_, i) => Math.max(...tested.map((cells) => (cells[i] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    line(HEAD),
    ...table.map(({ row, cells }) => {
      if (isTested(row)) return line(cells);
      const reason = row.untestedBecause ?? "no reason given";
      return `${row.rule.padEnd(widths[0] ?? 0)}  untested: ${reason}`;
    }),
  ];
}

function cellsOf({ rule, cases, oracles, mutants }: RuleRow): readonly string[] {
  const some = (list: readonly string[]): string => (list.length === 0 ? "-" : list.join(", "));
  return [rule, cases.length === 0 ? "-" : String(cases.length), some(oracles), some(mutants)];
}

function count(rows: readonly RuleRow[]): string {
  const having = (has: (row: RuleRow) => boolean): number => rows.filter(has).length;
  const [cases, oracles, bugs] = [
    having((row) => row.cases.length > 0),
    having((row) => row.oracles.length > 0),
    having((row) => row.mutants.length > 0),
  ];
  const untested = having((row) => !isTested(row));
  return `${rows.length} rules: ${cases} with cases, ${oracles} with oracles, ${bugs} with planted bugs, ${untested} untested`;
}
