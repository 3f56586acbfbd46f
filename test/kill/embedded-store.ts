/** The store of the tests that kill: opened in a process that dies, and again by the one that looks afterwards. */
import { matchKeys } from "../../src/model/predicate.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { HOUR, MINUTE, SECOND } from "../../src/model/time.ts";
import { resolveNamespace } from "../../src/namespace/namespace.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { maintain } from "../../src/service/maintain.ts";
import { KvError } from "../../src/model/error.ts";
import { cassandra } from "../../src/engines/cassandra/adapter.ts";
import type { CassandraOptions } from "../../src/engines/cassandra/options.ts";
import { rocksdb } from "../../src/engines/rocksdb/adapter.ts";
import { type KvStore, open } from "../../src/open.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { systemEnv } from "../../src/system/env.ts";
import { operationIn, valueOf, wholeValue } from "../../sim/workload/values.ts";

/** Bytes of a chunk. */
export const CHUNK_BYTES = 1024;

/** Which engine, as plain data: it travels on a command line. */
export type StoreSpec =
  | { readonly engine: "rocksdb"; readonly path: string }
  | { readonly engine: "cassandra"; readonly options: CassandraOptions };

/** What is written: value `n`, from 1 on, is as long as `valueBytes` says, and tells its number in every byte. */
export type WritePlan = {
  readonly store: StoreSpec;
  readonly first: number;
  readonly valueBytes: number;
};

const RECORD = { namespace: "killed", id: "r" };

/** Larger values are staged by the client in several requests; what dies with it may be collected soon. */
const NAMESPACE = {
  name: RECORD.namespace,
  tokens: { maxAge: MINUTE, maxDrift: SECOND },
  chunking: {
    aboveBytes: 4096,
    chunkBytes: CHUNK_BYTES,
    requestBytesMax: 2 * CHUNK_BYTES,
    putMicrosMax: MINUTE,
    graceMicros: MINUTE,
  },
};

/** Opens the service over the engine of `spec`. */
export function openEmbedded(spec: StoreSpec): Promise<KvStore> {
  return open({
    engine: spec.engine === "rocksdb" ? rocksdb({ path: spec.path }) : cassandra(spec.options),
    namespaces: [NAMESPACE],
    env: systemEnv(),
    mac: hmacSha256(new Uint8Array(32)),
  });
}

/** Puts value `n`. Rejects with `KvError` alone. */
export async function putNumber({ client }: KvStore, n: number, valueBytes: number): Promise<void> {
  const items = [{ key: keyOf(n), value: valueOf(n, valueBytes) }];
  await client.putItems({ ...RECORD, items });
}

/** Whether value `n` is there. Throws DATA_LOSS when what is there is not all of value `n`. */
export async function hasNumber(
  { client }: KvStore,
  n: number,
  valueBytes: number,
): Promise<boolean> {
  const { items } = await client.getItems({ ...RECORD, predicate: matchKeys(keyOf(n)) });
  const [item] = items;
  if (item === undefined) return false;
  const { value } = item;
  if (value.length === valueBytes && wholeValue(value) && operationIn(value) === n) return true;
  throw new KvError("DATA_LOSS", `value ${n} is torn: ${value.length} bytes of ${valueBytes}`);
}

/** Collects as if an hour had passed, and then another: nobody is waited for any more. */
export async function collectLater({ engine }: KvStore): Promise<void> {
  const namespace = resolveNamespace(NAMESPACE, { primary: engine });
  const env = systemEnv();
  for (const passed of [HOUR, 2 * HOUR]) {
    const clock = { ...env.clock, wall: () => env.clock.wall() + passed };
    await maintain(namespace, { ...env, clock }, neverAborted);
  }
}

/** How many chunks lie in the store, whoever refers to them. */
export async function countChunks({ engine }: KvStore): Promise<number> {
  const { table, consistency } = resolveNamespace(NAMESPACE, { primary: engine }).chunks;
  const { clock } = systemEnv();
  const deadline = clock.monotonic() + MINUTE;
  const call = { deadline, signal: neverAborted, consistency, now: clock.wall() };
  const read = { table, segment: { index: 0, of: 1 }, rowLimit: 500, projection: "keys" } as const;
  let count = 0;
  let cursor: Uint8Array | undefined;
  do {
    const page = await engine.scan({ ...read, cursor }, call);
    // The row with an empty key is the collector's own note.
    count += page.entries.filter(({ row }) => row.key.length > 0).length;
    ({ cursor } = page);
  } while (cursor !== undefined);
  return count;
}

function keyOf(n: number): Uint8Array {
  return utf8(String(n).padStart(8, "0"));
}
