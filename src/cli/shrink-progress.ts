/** How far cutting down has come, on stderr: a line that is written over on a terminal, elsewhere one now and then. */
import type { ShrinkProgress } from "kvdal/sim/shrink";

/** Elsewhere, milliseconds between two lines. */
const EVERY_MILLIS = 10_000;

/** Tells of one search; `end` leaves the terminal clean. */
export function shrinkProgress(): {
  readonly tell: (progress: ShrinkProgress) => void;
  readonly end: () => void;
} {
  const { stderr } = process;
  let last = performance.now();
  return {
    tell: ({ runs, operations, faults }) => {
      const line = `${runs} worlds: ${operations} operations and ${faults} faults are left`;
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[K${line}`);
        return;
      }
      if (performance.now() - last < EVERY_MILLIS) return;
      last = performance.now();
      stderr.write(`${line}\n`);
    },
    end: () => {
      if (stderr.isTTY) stderr.write("\r\u001b[K");
    },
  };
}
