import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

export const PROJECT_ROOT: string = join(import.meta.dirname, "../..");

export type ProgramOptions = {
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** `show` lets the program write to the terminal as it runs; `keep` returns what it wrote. */
  readonly output: "show" | "keep";
  readonly signal?: AbortSignal;
  readonly cwd?: string;
};

export type ProgramResult = { readonly code: number; readonly output: string };

/** Runs a program of the project's dependencies on the Node that runs this file. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const path = [dirname(process.execPath), join(PROJECT_ROOT, "node_modules/.bin")];
  const child = spawn(program, args, {
    cwd: options.cwd ?? PROJECT_ROOT,
    env: {
      ...process.env,
      ...options.env,
      PATH: [...path, process.env["PATH"] ?? ""].join(delimiter),
    },
    stdio:
      options.output === "show" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
