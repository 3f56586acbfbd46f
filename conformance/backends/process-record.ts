import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "../images/work-folder.ts";

/** What is kept on disk of a plain process, so that a later command finds it. */
export type ProcessRecord = {
  readonly name: string;
  readonly pid: number;
  /** A word that the process's command line must have: process ids are used again. */
  readonly marker: string;
  readonly ports: readonly number[];
  /** The test run that it belongs to; absent outside of any. */
  readonly run?: string | undefined;
};

/** The folder of a process's log, data and record. */
export function runFolder(name: string): string {
  return workFolder("run", name);
}

/** Keeps a record, in place of an older one of the same name. */
export function writeRecord(record: ProcessRecord): void {
  writeFileSync(join(runFolder(record.name), "record.json"), JSON.stringify(record));
}

/** The record of a process, running or not; undefined if there is none. */
export function readRecord(name: string): ProcessRecord | undefined {
  const file = join(workFolder("run"), name, "record.json");
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
}

/** Removes log, data and record. */
export function removeRecord(name: string): void {
  rmSync(join(workFolder("run"), name), { recursive: true, force: true });
}

/** All records, of processes running or not. */
export function allRecords(): readonly ProcessRecord[] {
  return readdirSync(workFolder("run"))
    .map(readRecord)
    .filter((record) => record !== undefined);
}

/** Whether the process lives and is the one that was started. */
export function isRunning(record: ProcessRecord): boolean {
  try {
    const commandLine = readFileSync(`/proc/${record.pid}/cmdline`, "utf8");
    // Empty while the process becomes another program (`exec` in run.sh), and after its end until it is reaped.
    if (commandLine === "") return !hasEnded(record.pid);
    return commandLine.includes(record.marker);
  } catch {
    return false;
  }
}

// The state follows the command's name, which stands in brackets and may hold anything.
function hasEnded(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return "ZX".includes(stat.charAt(stat.lastIndexOf(")") + 2));
}

/** Sends a signal if the process is still ours; says whether it was. */
export function signal(record: ProcessRecord, name: NodeJS.Signals): boolean {
  return isRunning(record) && process.kill(record.pid, name);
}
