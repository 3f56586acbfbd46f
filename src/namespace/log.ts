/** The log of mutations: a table of its own at an engine, which no namespace may have, and the bounds of it (MUT-1). */
import type { Consistency } from "../model/consistency.ts";
import { KvError } from "../model/error.ts";
import { DAY, type Micros, MINUTE, SECOND } from "../model/time.ts";
import type { EngineCall, StorageEngine, TableSpec } from "../ports/storage-engine.ts";
import type { Env } from "../ports/env.ts";
import { isWhole } from "./check-field.ts";

/** What may be said of a log. All durations in microseconds. Servers of one deployment say the same. */
export type LogOptions = {
  /** Its table at the engine; default `kvdal_log`, a name that no namespace may have. */
  readonly table?: string;
  /** Time between two rounds of a server's applier; default a second. */
  readonly everyMicros?: Micros;
  /** Most lists that wait to be applied; one more is refused, OVERLOADED. Default 10,000 (RES-2). */
  readonly pendingMax?: number;
  /** Longest that a list may have waited while others are still accepted; absent for no such bound. */
  readonly lagMicrosMax?: Micros;
  /** Attempts at a mutation that is refused in a way which may pass; then it is a dead letter. Default 5. */
  readonly attemptsMax?: number;
  /** Wait before the second attempt at a list, doubled for each further one; default a second, at most a minute. */
  readonly backoffMicros?: Micros;
  readonly backoffMicrosMax?: Micros;
  /** For how long the end of a list can be asked about; default a day. */
  readonly statusMicros?: Micros;
  /** Time that one of its engine calls has; default ten seconds. */
  readonly callMicrosMax?: Micros;
  /** Lists accepted within so much time wait in one place; default a minute. */
  readonly bucketMicros?: Micros;
  /** Most that the clocks of two servers differ, and that the acceptance of a list takes; default a minute. */
  readonly settleMicros?: Micros;
};

/** A log with every field decided. */
export type Log = Required<Omit<LogOptions, "lagMicrosMax">> & {
  readonly engine: StorageEngine;
  readonly consistency: Consistency;
  readonly lagMicrosMax: Micros;
};

const DEFAULTS = {
  table: "kvdal_log",
  everyMicros: SECOND,
  pendingMax: 10_000,
  lagMicrosMax: Number.POSITIVE_INFINITY,
  attemptsMax: 5,
  backoffMicros: SECOND,
  backoffMicrosMax: MINUTE,
  statusMicros: DAY,
  callMicrosMax: 10 * SECOND,
  bucketMicros: MINUTE,
  settleMicros: MINUTE,
};

/** Deletions in the log are told apart from what they delete for so long: no list waits longer unless told so. */
const RETENTION: Micros = DAY;

/** The log that the options ask for. Throws INVALID_ARGUMENT for a bound that is none, UNSUPPORTED without quorum. */
export function resolveLog(options: LogOptions, engine: StorageEngine): Log {
  const log = { ...DEFAULTS, ...options };
  for (const [field, value] of Object.entries(log)) {
    if (typeof value !== "number" || value === Number.POSITIVE_INFINITY) continue;
    if (isWhole(value, 1)) continue;
    const wanted = "wanted a whole number from 1 on";
    throw new KvError("INVALID_ARGUMENT", `log field ${field} is ${value}, ${wanted}`);
  }
  const { consistency: levels, engine: name } = engine.capabilities;
  const level = levels.includes("global_quorum") ? "global_quorum" : "quorum";
  const consistency = levels.includes("quorum") ? "quorum" : level;
  if (!levels.includes(consistency)) {
    const found = `${name} gives ${levels.join(", ")}`;
    throw new KvError("UNSUPPORTED", `${found}, wanted an engine with quorum to keep a log on`);
  }
  return { ...log, engine, consistency };
}

/** The table of a log. */
export function logTable({ table }: Pick<Log, "table">): TableSpec {
  return { table, retention: RETENTION };
}

/** One engine call at the log, or for one of its mutations. */
export function logCall(log: Log, { clock }: Pick<Env, "clock">, signal: AbortSignal): EngineCall {
  const deadline = clock.monotonic() + log.callMicrosMax;
  return { deadline, signal, consistency: log.consistency, now: clock.wall() };
}
