import { spawn } from "node:child_process";

/** Says one line to the person watching, before the step that it announces. */
export type Say = (line: string) => void;

/** Says each line on stderr, so that stdout stays free for results. */
export const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** How much of a failed command's output its error shows, in characters. */
const TAIL_CHARACTERS = 2000;

/** What a command may be given besides its arguments. */
export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command after so many milliseconds. Default: no limit. */
  readonly timeoutMillis?: number;
};

/**
 * Runs a command to its end and returns what it wrote on stdout. No shell is in between.
 *
 * @throws Error when the command is missing, exits with another code than 0 or runs out of time; the message
 * has the command and the end of its output.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: options.timeoutMillis,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let both = "";
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
    both += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => (both += bytes.toString()));
  child.on("error", (cause) => reject(new Error(`${command} did not start`, { cause })));
  child.on("close", (code, signal) => {
    if (code === 0) resolve(out);
    else reject(new Error(failure(command, args, code ?? signal, both)));
  });
  return promise;
}

/** Whether a command of this name is there, judged by a harmless call of it. */
export async function hasCommand(command: string, probe: readonly string[]): Promise<boolean> {
  try {
    await runCommand(command, probe);
    return true;
  } catch {
    return false;
  }
}

function failure(
  command: string,
  args: readonly string[],
  end: number | string | null,
  output: string,
): string {
  const tail = output.trim().slice(-TAIL_CHARACTERS);
  return `\`${command} ${args.join(" ")}\` ended with ${String(end)}\n${tail}`;
}
