/** Runs the same command line once more, in a process with a bug planted. */
import { spawn } from "node:child_process";
import { MUTANTS, SIMULATOR_BUGS } from "kvdal/sim/mutants";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { programFile } from "./program-file.ts";

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
  process.exitCode = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? EXIT_FAILED));
  });
}
