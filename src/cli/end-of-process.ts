/** How a process that was started ends. */
import type { ChildProcess } from "node:child_process";

/** By a code of its own, or by a signal. */
export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Waits for it. Rejects where the process could not be started. */
export function endOfProcess(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Not `exit`: what it told last may come after that.
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
