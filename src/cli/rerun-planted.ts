/** Runs the same command line once more, in a process with a bug planted. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { MUTANTS, SIMULATOR_BUGS } from "kvdal/sim/mutants";
import { CliError, EXIT_USAGE } from "./exit.ts";
import { programFile } from "./program-file.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs it to its end, and ends as it does. Throws `CliError` for a bug that is not known. */
export async function rerunPlanted(mutant: string): Promise<void> {
  if (![...MUTANTS, ...SIMULATOR_BUGS].some(({ name }) => name === mutant)) {
    const own = SIMULATOR_BUGS.map(({ name }) => name).join(", ");
    const wanted = `wanted one of those that kvdal rules shows, or of the simulator's: ${own}`;
    throw new CliError(EXIT_USAGE, `no planted bug is called ${mutant}, ${wanted}`);
  }
  const program = programFile("./planted.ts", import.meta);
  const args = [...process.execArgv, program, mutant, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  try {
    process.exitCode = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
}
