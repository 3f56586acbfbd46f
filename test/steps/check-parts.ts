import type { Outcome } from "./outcome.ts";
import { addOutcomes, firstLines, NOTHING } from "./outcome.ts";
import { type ProgramOptions, runProgram } from "./run-program.ts";

/** A tool that reads the whole project and either finds nothing or says what is wrong. */
export type CheckPart = { readonly name: string; readonly command: readonly [string, ...string[]] };

export const TOOLS: readonly CheckPart[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "lint", command: ["oxlint", "src", "sim", "conformance", "bench", "test"] },
  { name: "format", command: ["biome", "format", "--config-path=.biome.json", "."] },
];

export const HOUSE_RULES: CheckPart = {
  name: "house rules",
  command: ["vitest", "run", "--config=test/vitest.config.ts", "--project=unit", "test/tidy"],
};

/** Runs the parts side by side; one line each as it ends, and the output of those that failed. */
export async function runChecks(
  parts: readonly CheckPart[],
  signal?: AbortSignal,
): Promise<Outcome> {
  return addOutcomes(await Promise.all(parts.map(async (part) => runCheck(part, signal))));
}

async function runCheck(part: CheckPart, signal: AbortSignal | undefined): Promise<Outcome> {
  const started = performance.now();
  const [program, ...args] = part.command;
  const options: ProgramOptions = { output: "keep", env: { FORCE_COLOR: "0", NO_COLOR: "1" } };
  const result = await runProgram(program, args, signal ? { ...options, signal } : options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const isFine = result.code === 0;
  console.log(`  ${isFine ? "ok    " : "FAILED"} ${part.name.padEnd(12)} ${seconds.padStart(5)} s`);
  if (!isFine) console.log(result.output.replaceAll(/^/gm, "    "));
  if (isFine) return { ...NOTHING, passed: 1 };
  return { ...NOTHING, failed: 1, failures: [`${part.name}: ${firstLines(result.output)}`] };
}
