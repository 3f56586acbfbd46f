#!/usr/bin/env node
/** The program `kvdal`: finds the verb, loads its file, runs it, and ends with its exit code. */
import { Command, CommanderError } from "commander";
import { plantPoints } from "kvdal/sim/amplify";
import { KvError } from "../model/error.ts";
import { CliError, EXIT_CRASH, EXIT_FAILED, EXIT_UNAVAILABLE, EXIT_USAGE } from "./exit.ts";
import { foldHelp } from "./fold.ts";
import { VERBS } from "./verbs.ts";
import { visible } from "./visible.ts";

const EXAMPLES = `
Examples:
  kvdal conformance memory               judge the engine in memory, in a second
  kvdal conformance cassandra --json     judge a real Cassandra, for a program to read
  kvdal engines                          start the real engines and print their endpoints

Help on a verb: kvdal VERB --help

Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 an engine is not available; some verbs tell more apart.`;

/** The whole program; the verb that is asked for is complete, the others only have their summaries. */
async function makeProgram(wanted: string | undefined): Promise<Command> {
  const program = new Command("kvdal")
    .description("A key-value data abstraction layer: simulator, conformance kit, benches.")
    .addHelpText("after", EXAMPLES)
    .helpCommand(false)
    .usage("VERB [OPTIONS]");
  for (const { name, summary, load, simulates } of VERBS) {
    if (name === wanted && simulates === true) plantPoints();
    const command = name === wanted ? await load() : new Command(name);
    program.addCommand(command.name(name).summary(summary));
  }
  ownErrors(program);
  return program;
}

/** Errors are told by this file, in one way for all verbs and what is below them. */
function ownErrors(command: Command): void {
  command.exitOverride().configureOutput({
    outputError: () => undefined,
    writeOut: (text) => process.stdout.write(foldHelp(text)),
  });
  for (const below of command.commands) ownErrors(below);
}

/** Refuses what is no verb, in the words of every other refusal. */
function checkVerb(wanted: string | undefined): void {
  if (wanted === undefined || wanted.startsWith("-")) return;
  if (VERBS.some(({ name }) => name === wanted)) return;
  const names = VERBS.map(({ name }) => name).join(", ");
  throw new CliError(EXIT_USAGE, `the verb is "${wanted}", wanted one of: ${names}`);
}

async function main(args: readonly string[]): Promise<number> {
  const [wanted] = args;
  try {
    checkVerb(wanted);
    const program = await makeProgram(wanted);
    await program.parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    return report(error, wanted);
  }
}

/** Says what went wrong on stderr; the exit code that it ends with. */
function report(error: unknown, verb: string | undefined): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // Shown in place of a verb that is missing.
  if (error instanceof CommanderError && error.code === "commander.help") return EXIT_USAGE;
  const isUsage = error instanceof CommanderError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`kvdal: ${visible(message.replace(/^error: /, ""))}\n`);
  if (isUsage || (error instanceof CliError && error.exitCode === EXIT_USAGE)) {
    const known = VERBS.some(({ name }) => name === verb);
    process.stderr.write(`See kvdal ${known ? `${verb} ` : ""}--help\n`);
    return EXIT_USAGE;
  }
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof KvError && error.code === "UNAVAILABLE") return EXIT_UNAVAILABLE;
  if (error instanceof Error && error.stack !== undefined) {
    process.stderr.write(`${visible(error.stack)}\n`);
  }
  return EXIT_FAILED;
}

/** Whether the verb has come to its end, and the error of an output that took no more. */
let [isOver, unwritable]: [boolean, NodeJS.ErrnoException | undefined] = [false, undefined];

/**
 * Whoever reads the output may stop reading, as `head` does: what is found counts all the same, and reports are still to
 * be written.
 */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") unwritable ??= error;
});
// What cannot be said there can be said nowhere: `2>&1 | head` ends the progress, not the run.
process.stderr.on("error", () => undefined);

/** What ends the process in the middle, or leaves it with nothing to wait for, must not look like success. */
process.on("exit", () => {
  const isSound = process.exitCode === undefined || process.exitCode === 0;
  if (unwritable !== undefined) {
    process.stderr.write(`kvdal: the output cannot be written: ${unwritable.message}\n`);
    if (isSound) process.exitCode = EXIT_USAGE;
  }
  if (isOver) return;
  const found = "something that it ran ended the process, or never answered";
  process.stderr.write(`kvdal: it did not come to its end: ${found}\n`);
  process.exitCode = EXIT_CRASH;
});

const code = await main(process.argv.slice(2));
isOver = true;
process.exitCode = code;
