/** Namespaces: what callers name, and what the service knows of each. */
import { KvError } from "../model/error.ts";
import { TTL_MAX } from "../model/limits.ts";
import { DAY, HOUR, type Micros, SECOND } from "../model/time.ts";
import type { TokenWindow } from "../policy/admit-token.ts";
import type { Consistency, StorageEngine } from "../ports/storage-engine.ts";

/** A namespace as it is asked for. All durations in microseconds. */
export type NamespaceOptions = {
  /** `[a-z][a-z0-9_]{2,47}`: also the name of its table. */
  readonly name: string;
  /** Default `quorum`: read-your-writes (CONS-1). */
  readonly consistency?: Consistency;
  /** Records are read from the last key to the first unless a selection says `reverse` (DATA-2). */
  readonly descending?: boolean;
  /** Default and upper bound: what the engine stores inline. */
  readonly maxValueBytes?: number;
  /** Time to live of items that name none; absent for ever (TTL-1). */
  readonly defaultTtlMicros?: Micros;
  /** Acceptance window of tokens; default an hour back, five seconds ahead (TOK-3). */
  readonly tokens?: Partial<TokenWindow>;
  /** How long deletion knowledge is kept; default a day. At least maxAge + maxDrift + a minute (DEL-5). */
  readonly retentionMicros?: Micros;
  /** Over how long the physical removal of a mass delete is spread; default an hour (DEL-3). */
  readonly deleteJitterMicros?: Micros;
  /** Most rows one call examines; default 2,000 (PAGE-5). */
  readonly rowsPerCallMax?: number;
};

/** A namespace as the service uses it: every field decided, the engine resolved. */
export type Namespace = {
  readonly name: string;
  readonly table: string;
  readonly engine: StorageEngine;
  readonly consistency: Consistency;
  readonly descending: boolean;
  readonly maxValueBytes: number;
  readonly defaultTtl: Micros | undefined;
  readonly tokens: TokenWindow;
  readonly retention: Micros;
  readonly deleteJitter: Micros;
  readonly rowsPerCallMax: number;
};

/** Longest asynchronous apply that retention must cover beside the acceptance window (DEL-5). */
const APPLY_SLACK: Micros = 60 * SECOND;
const NAME = /^[a-z][a-z0-9_]{2,47}$/;

/**
 * The namespace that `options` ask for on `engine`. Throws INVALID_ARGUMENT for a field out of bounds and
 * UNSUPPORTED for what the engine declares it cannot do; both name field, found and wanted.
 */
export function resolveNamespace(options: NamespaceOptions, engine: StorageEngine): Namespace {
  const tokens = { maxAge: HOUR, maxDrift: 5 * SECOND, ...options.tokens };
  const namespace: Namespace = {
    name: options.name,
    table: options.name,
    engine,
    consistency: options.consistency ?? "quorum",
    descending: options.descending ?? false,
    maxValueBytes: options.maxValueBytes ?? engine.capabilities.inlineBytesMax,
    defaultTtl: options.defaultTtlMicros,
    tokens,
    retention: options.retentionMicros ?? DAY,
    deleteJitter: options.deleteJitterMicros ?? HOUR,
    rowsPerCallMax: options.rowsPerCallMax ?? 2_000,
  };
  checkNamespace(namespace);
  return namespace;
}

function checkNamespace(namespace: Namespace): void {
  const { name, engine, consistency, maxValueBytes, retention, tokens } = namespace;
  const can = engine.capabilities;
  if (!NAME.test(name)) refuse("name", name, "a lower-case word of 3 to 48 letters, digits and _");
  if (!can.consistency.includes(consistency)) {
    const wanted = `one of ${can.consistency.join(", ")}, which is what ${can.engine} can give`;
    throw new KvError("UNSUPPORTED", `consistency is ${consistency}, wanted ${wanted}`);
  }
  if (!isWhole(maxValueBytes, 0) || maxValueBytes > can.inlineBytesMax) {
    refuse("maxValueBytes", maxValueBytes, `0 to ${can.inlineBytesMax}, what ${can.engine} stores`);
  }
  const least = tokens.maxAge + tokens.maxDrift + APPLY_SLACK;
  if (!isWhole(tokens.maxAge, 0)) refuse("tokens.maxAge", tokens.maxAge, "whole microseconds >= 0");
  if (!isWhole(tokens.maxDrift, 0)) {
    refuse("tokens.maxDrift", tokens.maxDrift, "whole microseconds >= 0");
  }
  if (!isWhole(retention, least)) {
    refuse(
      "retentionMicros",
      retention,
      `at least maxAge + maxDrift + a minute = ${least} (DEL-5)`,
    );
  }
  checkDefaultTtl(namespace);
  if (!isWhole(namespace.deleteJitter, 0)) {
    refuse("deleteJitterMicros", namespace.deleteJitter, "whole microseconds >= 0");
  }
  if (!isWhole(namespace.rowsPerCallMax, 1)) {
    refuse("rowsPerCallMax", namespace.rowsPerCallMax, "a whole number from 1 on");
  }
}

/** A longer one would have every put refused; one at the very limit, those of clients whose clock is ahead. */
function checkDefaultTtl({ defaultTtl, engine, tokens }: Namespace): void {
  const most = Math.min(TTL_MAX, engine.capabilities.ttl.max) - tokens.maxDrift;
  if (defaultTtl === undefined || (isWhole(defaultTtl, 1) && defaultTtl <= most)) return;
  refuse("defaultTtlMicros", defaultTtl, `whole microseconds, 1 to ${most} (TTL-3)`);
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function refuse(field: string, found: string | number, wanted: string): never {
  throw new KvError("INVALID_ARGUMENT", `namespace field ${field} is ${found}, wanted ${wanted}`);
}
