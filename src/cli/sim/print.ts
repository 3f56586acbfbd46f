/** Where the summary of a campaign goes: for people, or for programs. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import {
  type CampaignResult,
  coverageLines,
  summaryHtml,
  summaryJson,
  summaryJunit,
  summaryLines,
} from "kvdal/sim";
import { PROGRAM } from "../program.ts";

/** Which summaries are wanted. */
export type PrintOptions = {
  readonly json?: boolean;
  readonly coverage?: boolean;
  readonly junit?: string;
  readonly html?: string;
};

/** Adds the options to a command. */
export function addPrintOptions(command: Command): Command {
  return command
    .option("--coverage", "show which faults touched which calls, with which outcome")
    .option("--junit <file>", "write the summary as JUnit's XML, too: a test a rule")
    .option("--html <file>", "write the summary as a page, too, which needs nothing else")
    .option("--json", "print the summary as JSON, and nothing else");
}

/** Prints the summary; `next` is where to go from there. */
export function print(told: CampaignResult, options: PrintOptions, next = ""): void {
  const result = { ...told, program: PROGRAM };
  if (options.junit !== undefined) writeFileSync(options.junit, summaryJunit(result));
  if (options.html !== undefined) writeFileSync(options.html, summaryHtml(result));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(summaryJson(result), undefined, 2)}\n`);
    return;
  }
  const matrix = options.coverage === true ? ["", ...coverageLines(result)] : [];
  process.stdout.write(`${[...summaryLines(result), ...matrix].join("\n")}\n${next}`);
}
