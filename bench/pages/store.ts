/** The store that pages are read from: one namespace over an engine that counts what is read of it. */
import { hmacKeys, type KvStore, MINUTE, open, systemEnv } from "kvdal";
import { countedEngine, type ReadCounts } from "./counted-engine.ts";
import { type BenchEngine, benchEngine, type EngineName } from "./engines.ts";

export const NAMESPACE = "bench";
/** Longest latency of the namespace, milliseconds: what "kept" is measured by. */
export const LONGEST_MILLIS = 500;
export const ROWS_PER_CALL_MAX = 2_000;

/** A store, and what is read of its engine. */
export type BenchStore = {
  readonly bare: BenchEngine["bare"];
  readonly store: KvStore;
  readonly counts: ReadCounts;
};

/** Opens a store over the engine for some work, and removes both. */
export async function withStore<T>(
  name: EngineName,
  work: (bench: BenchStore) => Promise<T>,
): Promise<T> {
  const engine = await benchEngine(name);
  const counts: ReadCounts = { reads: 0, rows: 0, rowsExamined: 0, bytes: 0 };
  const env = systemEnv();
  const store = await open({
    engine: countedEngine(engine.adapter, counts),
    namespaces: [
      {
        name: NAMESPACE,
        rowsPerCallMax: ROWS_PER_CALL_MAX,
        slo: { read: { max: LONGEST_MILLIS * 1000 }, write: { max: MINUTE } },
      },
    ],
    env,
    mac: hmacKeys([env.random.bytes(32)]),
    client: { limits: { timeoutMicros: 10 * MINUTE, attemptTimeoutMicros: MINUTE } },
  });
  try {
    return await work({ store, counts, bare: engine.bare });
  } finally {
    await store.close();
    await engine.end();
  }
}
