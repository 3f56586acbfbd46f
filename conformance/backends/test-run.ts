/**
 * Whose engines are whose. Shared engines are shared by everybody on the machine, except within a test run that wants
 * to leave nothing behind: its engines are its own, nobody else attaches to them, and its end ends them alone.
 */

/** The variable that names the run to which a process belongs: the id of the run's first process. */
export const RUN_VARIABLE = "KVDAL_RUN";

/** The run that this process belongs to; undefined outside of any. */
export function currentRun(): string | undefined {
  const run = process.env[RUN_VARIABLE] ?? "";
  return run === "" ? undefined : run;
}

/**
 * Whether an engine of the run `its` is ended by whoever belongs to the run `own` and ends engines: within a run those
 * of that run; outside of any those of none, and those that a run left behind.
 */
export function mayEnd(own: string | undefined, its: string | undefined): boolean {
  return its === own || (own === undefined && !isAlive(Number(its)));
}

/** Whether there is a process of this id. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
