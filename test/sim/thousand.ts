/**
 * The thousand worlds that must be the same wherever they run, here each twice in a main thread. Within a test run the
 * projects of vitest share them, as a campaign that the second finds done in its file.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { currentRun } from "../../conformance/backends/test-run.ts";
import { kvdalJson, type SimJson } from "./kvdal.ts";

const FOLDER = join(import.meta.dirname, "..", "..", ".kvdal", "test");

/** How many there are. */
export const THOUSAND = 1_000;

const ARGS = ["sim", "--seeds", `${THOUSAND}`, "--twice"];

/** Runs them, and keeps them for the rest of the test run. */
export async function runThousand(): Promise<SimJson> {
  const file = fileOfRun();
  if (file !== undefined) rmSync(file, { force: true });
  return thousand();
}

/** What this test run has of them; the rest of them, or without a test run all, runs now. */
export async function thousand(): Promise<SimJson> {
  const file = fileOfRun();
  if (file === undefined) return kvdalJson<SimJson>(ARGS);
  mkdirSync(FOLDER, { recursive: true });
  return kvdalJson<SimJson>([...ARGS, "--state", file]);
}

/** Outside of a test run nothing says that the code is still the same. */
function fileOfRun(): string | undefined {
  const run = currentRun();
  return run === undefined ? undefined : join(FOLDER, `thousand-${run}.jsonl`);
}
