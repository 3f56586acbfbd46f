import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineName, RealEngine } from "./backend.ts";
import { makeEndpoint } from "./endpoint.ts";
import { BOOT_LIMIT_MILLIS } from "./facts.ts";
import { untilAnswers } from "./probe.ts";
import type { ProcessRecord } from "./process-record.ts";
import {
  isRunning,
  readRecord,
  removeRecord,
  runFolder,
  signal,
  writeRecord,
} from "./process-record.ts";

/** How a plain process is to be started. */
export type ProcessPlan = {
  readonly engine: EngineName;
  /** Names its folder under `.kvdal/run`. */
  readonly name: string;
  readonly marker: string;
  /** The staged folder with `run.sh`. */
  readonly folder: string;
  /** The first is where clients connect. */
  readonly ports: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly shared: boolean;
  /** The test run that it belongs to; undefined outside of any. */
  readonly run: string | undefined;
};

/** Time between two looks whether a process has ended, milliseconds. */
const LOOK_EVERY_MILLIS = 20;

/** How long a polite end may take before the process is killed, milliseconds. */
const STOP_MILLIS = 10_000;

/**
 * The handle of a plain process; starts it unless it runs already. It keeps its ports over restarts.
 *
 * @throws Error when it does not answer within the boot limit.
 */
export async function processEngine(plan: ProcessPlan, running: boolean): Promise<RealEngine> {
  const endpoint = makeEndpoint(plan.engine, "127.0.0.1", plan.ports[0] ?? 0);
  const record = (): ProcessRecord | undefined => readRecord(plan.name);
  const start = async (): Promise<void> => {
    const old = record();
    if (old === undefined || !isRunning(old)) launch(plan);
    const alive = async (): Promise<boolean> => {
      const now = record();
      return now !== undefined && isRunning(now);
    };
    if (await untilAnswers(plan.engine, endpoint, BOOT_LIMIT_MILLIS, alive)) return;
    throw new Error(`${plan.name} did not answer; its log: .kvdal/run/${plan.name}/log`);
  };
  const begin = performance.now();
  if (!running) await start();
  const bootMillis = running ? undefined : performance.now() - begin;
  const send = async (name: NodeJS.Signals): Promise<void> => {
    const now = record();
    if (now !== undefined) signal(now, name);
  };
  const stop = (): Promise<void> => endProcess(record(), "SIGTERM");
  return Object.freeze<RealEngine>({
    available: true,
    engine: plan.engine,
    provider: "process",
    bootMillis,
    controllable: true,
    endpoint: () => endpoint,
    stop,
    start,
    kill: () => endProcess(record(), "SIGKILL"),
    pause: () => send("SIGSTOP"),
    resume: () => send("SIGCONT"),
    restart: async () => {
      await stop();
      await start();
    },
    logs: async () => readFileSync(join(runFolder(plan.name), "log"), "utf8"),
    memoryBytes: async () => residentBytes(record()),
    release: async () => {
      if (plan.shared) return;
      await endProcess(record(), "SIGKILL");
      removeRecord(plan.name);
    },
  });
}

/** Ends a process and waits until it is gone; a polite end that takes too long becomes a kill. */
export async function endProcess(
  record: ProcessRecord | undefined,
  name: "SIGTERM" | "SIGKILL",
): Promise<void> {
  if (record === undefined) return;
  signal(record, name);
  // A stopped process hears SIGTERM only once it goes on.
  signal(record, "SIGCONT");
  const killAt = performance.now() + STOP_MILLIS;
  while (isRunning(record)) {
    if (performance.now() > killAt) signal(record, "SIGKILL");
    await sleep(LOOK_EVERY_MILLIS);
  }
}

// Detached and with its own log, so that it outlives the command that started it.
function launch(plan: ProcessPlan): void {
  const folder = runFolder(plan.name);
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(join(plan.folder, "run.sh"), [], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, CASSANDRA_DATA: join(folder, "data"), ...plan.environment },
  });
  closeSync(log);
  child.on("error", () => {});
  child.unref();
  const { name, marker, ports, run } = plan;
  writeRecord({ name, pid: child.pid ?? 0, marker, ports, run });
}

function residentBytes(record: ProcessRecord | undefined): number | undefined {
  if (record === undefined || !isRunning(record)) return undefined;
  const status = readFileSync(`/proc/${record.pid}/status`, "utf8");
  const kibibytes = /^VmRSS:\s+(\d+)/mu.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
