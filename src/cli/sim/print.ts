/** Where the summary of a campaign goes: for people, or for programs. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import {
  type CampaignResult,
  coverageLines,
  nextLines,
  type NextStep,
  stepsAfter,
  summaryHtml,
  summaryJson,
  summaryJunit,
  summaryLines,
} from "kvdal/sim";
import { EXIT_USAGE } from "../exit.ts";
import { PROGRAM } from "../program.ts";
import { type Target, targetsOf, written } from "../targets.ts";
import { visible } from "../visible.ts";
import { exitCodeOf } from "./outcome.ts";

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

/** The files that they are written to. */
export function printTargets({ junit, html }: PrintOptions): readonly Target[] {
  return targetsOf({ junit, html });
}

/**
 * Prints the summary, and writes it where else it is wanted. Resolves with the code that the program ends with.
 * `ifSound` is where to go from a campaign that found nothing.
 */
export async function print(
  told: CampaignResult,
  options: PrintOptions,
  ifSound: readonly NextStep[] = [],
): Promise<number> {
  const result = { ...told, program: PROGRAM };
  const code = exitCodeOf(result);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(summaryJson(result), undefined, 2)}\n`);
  } else {
    const matrix = options.coverage === true ? ["", ...coverageLines(result)] : [];
    const steps = stepsAfter(result);
    const next = nextLines(steps.length > 0 ? steps : ifSound);
    const beside = next.length > 0 ? ["", ...next] : [];
    const lines = [...summaryLines(result), ...matrix, ...beside];
    process.stdout.write(`${visible(lines.join("\n"))}\n`);
  }
  // What was found counts more than a report of it that is missing.
  return (await writeReports(result, options)) ? code : code || EXIT_USAGE;
}

async function writeReports(result: CampaignResult, options: PrintOptions): Promise<boolean> {
  const textOf: Readonly<Record<string, (told: CampaignResult) => string>> = {
    "--junit": summaryJunit,
    "--html": summaryHtml,
  };
  let isWritten = true;
  for (const target of printTargets(options)) {
    const text = textOf[target.option]?.(result) ?? "";
    if (!(await written(target, () => writeFile(target.path, text)))) isWritten = false;
  }
  return isWritten;
}
