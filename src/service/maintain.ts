/** Clean-up of what no reader sees any more: adapters do none by themselves (DEL-3, TTL-1, CHUNK-3, CHUNK-4). */
import type { KvError } from "../model/error.ts";
import { type Micros, MINUTE } from "../model/time.ts";
import { type Namespace, tablesOf } from "../namespace/namespace.ts";
import type { Env } from "../ports/env.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { collectChunks } from "./collect-chunks.ts";
import { ROWS_PER_STEP, sweepTable } from "./sweep-table.ts";

/** What one round came to. */
export type MaintenanceReport = {
  /** Rows that the sweeps removed: expired, deleted long ago, hidden by a deletion. */
  readonly rowsRemoved: number;
  /** Partitions of chunks found to be nobody's, to be removed after the grace. */
  readonly chunksDoomed: number;
  /** Partitions of chunks removed. */
  readonly chunksCollected: number;
};

type Collected = Omit<MaintenanceReport, "rowsRemoved"> & { readonly damage: KvError | undefined };

const NONE: Collected = { chunksDoomed: 0, chunksCollected: 0, damage: undefined };
/** Time that one such call has. */
const STEP_TIMEOUT: Micros = MINUTE;

/**
 * One round over one namespace: collects chunks, then sweeps every table. Safe at any time, beside any traffic, on
 * any number of servers at once. Rejects with the first `KvError` when all was tried; the next round does what this
 * one left.
 */
export async function maintain(
  namespace: Namespace,
  env: Env,
  signal: AbortSignal,
): Promise<MaintenanceReport> {
  const call = (): EngineCall => ({
    deadline: env.clock.monotonic() + STEP_TIMEOUT,
    signal,
    consistency: namespace.consistency,
    now: env.clock.wall(),
  });
  let failure: { readonly error: unknown } | undefined;
  // The collector needs every copy of an item: one that is away for days must not keep tables from being swept.
  const otherwise = async <T>(work: Promise<T>, instead: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      failure ??= { error };
      return instead;
    }
  };
  const collected = await otherwise(collectAll(namespace, call), NONE);
  const { chunksDoomed, chunksCollected, damage } = collected;
  if (damage !== undefined) failure ??= { error: damage };
  if (chunksCollected > 0) env.telemetry.count("chunks_collected", chunksCollected);
  let rowsRemoved = 0;
  for (const table of tablesOf(namespace)) {
    if (!signal.aborted) rowsRemoved += await otherwise(sweepTable(table, call), 0);
  }
  if (failure !== undefined) throw failure.error;
  return { rowsRemoved, chunksDoomed, chunksCollected };
}

async function collectAll(namespace: Namespace, call: () => EngineCall): Promise<Collected> {
  let [chunksDoomed, chunksCollected] = [0, 0];
  let damage: KvError | undefined;
  let cursor: Uint8Array | undefined;
  do {
    const step = await collectChunks({ cursor, rowLimit: ROWS_PER_STEP }, namespace, call());
    chunksDoomed += step.doomed;
    chunksCollected += step.collected;
    damage ??= step.damage;
    ({ cursor } = step);
  } while (cursor !== undefined);
  return { chunksDoomed, chunksCollected, damage };
}
