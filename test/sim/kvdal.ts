/** Runs the program as a user does, and reads the JSON that it prints. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** As src/cli/launch.mjs has them. */
export const FLAGS: readonly string[] = [
  "--conditions=kvdal-source",
  "--allow-natives-syntax",
  "--min-semi-space-size=32",
  "--max-semi-space-size=32",
  "--single-threaded-gc",
  "--no-allocation-site-pretenuring",
];

/** The program. */
export const MAIN: string = join(ROOT, "src/cli/main.ts");

const EACH = join(import.meta.dirname, "kvdal-each.ts");

/** What a run of the program came to. */
export type Run = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** How the program is run. */
export type RunOptions = {
  /** Another Node than this one. */
  readonly node?: string;
  /** Ends the program, too, when the test that waits for it has run out of time. */
  readonly signal?: AbortSignal;
  /** A bug that is planted in it, as src/cli/planted.ts does. */
  readonly planted?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
};

/** `kvdal ARGS`. */
export function kvdal(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { planted } = options;
  const program = planted === undefined ? [MAIN] : [join(ROOT, "src/cli/planted.ts"), planted];
  return run([...program, ...args], options);
}

/**
 * `kvdal ARGS` for each list of arguments, one after the other in one process: for what ends before anything of it is
 * left in the process, as refusals do.
 */
export async function kvdalEach(
  lists: readonly (readonly string[])[],
  options?: RunOptions,
): Promise<readonly Run[]> {
  const { stdout, stderr, code } = await run([EACH, JSON.stringify(lists)], options);
  if (code !== 0) throw new Error(`kvdal-each.ts ended with ${code}: ${stderr || stdout}`);
  return JSON.parse(stdout) as readonly Run[];
}

async function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { node = process.execPath, signal, env } = options;
  const child = spawn(node, [...FLAGS, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const end = await new Promise<Pick<Run, "code" | "signal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { ...end, stdout, stderr };
}

/** The JSON of `kvdal ARGS --json`; fails with what the program said when it printed none. */
export async function kvdalJson<T>(args: readonly string[], options?: RunOptions): Promise<T> {
  const ended = await kvdal([...args, "--json"], options);
  try {
    return JSON.parse(ended.stdout) as T;
  } catch {
    const end = ended.signal ?? ended.code;
    throw new Error(`kvdal ${args.join(" ")} ended with ${end}: ${ended.stderr || ended.stdout}`);
  }
}

/** The fields of `sim --json` that tests look at. */
export type SimJson = {
  readonly worlds: number;
  readonly operations: number;
  readonly events: number;
  readonly failures: number;
  readonly failing: readonly {
    readonly seed: number;
    readonly rule: string;
    readonly repeat: string;
  }[];
  readonly inconclusive: number;
  readonly repeated: number;
  readonly fingerprint: string;
  readonly coverage: { readonly hit: number; readonly contradicted: readonly object[] };
};

/** The fields of `mutants --json` that tests look at. */
export type MutantJson = {
  readonly name: string;
  readonly family: string;
  readonly rule: string;
  readonly found: boolean;
  readonly seed: number | null;
  readonly ownSeed: number | null;
};
