/** Runs the writer in a process of its own, and kills it, or something else, at a moment that the caller picks. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { WritePlan } from "./embedded-store.ts";

/** What a writer said before its end, by number. */
export type Said = {
  readonly begun: readonly number[];
  readonly done: readonly number[];
  /** `N CODE APPLIED` of the write that failed. */
  readonly failed: string | undefined;
};

/** The writer that runs. */
export type Writer = {
  /** SIGKILL, now. What it has said until then is still read. */
  readonly kill: () => void;
};

/**
 * Starts a writer and resolves once it has ended, killed or by itself. `onDone` is told of each acknowledged write, as
 * it is said; kill the writer, or what it writes to, from there or from a timer.
 */
export async function runWriter(
  plan: WritePlan,
  onDone: (count: number, writer: Writer) => void,
): Promise<Said> {
  const file = join(import.meta.dirname, "writer.ts");
  const child = spawn(process.execPath, ["--conditions=kvdal-source", file, JSON.stringify(plan)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const writer = { kill: () => void child.kill("SIGKILL") };
  const begun: number[] = [];
  const done: number[] = [];
  let failed: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, number = ""] = line.split(" ");
    if (word === "begun") begun.push(Number(number));
    if (word === "failed") failed = line.slice("failed ".length);
    if (word !== "done") continue;
    done.push(Number(number));
    onDone(done.length, writer);
  }
  return { begun, done, failed };
}
