/** The index of the log: for each shard the buckets in which lists may wait, so that appliers find them (MUT-1). */
import { EMPTY_BYTES } from "../model/bytes.ts";
import { NONCE_BYTES } from "../model/token.ts";
import type { Micros } from "../model/time.ts";
import { readMicros, type Version, writeMicros } from "../model/version.ts";
import type { Log } from "../namespace/log.ts";
import type { EngineCall } from "../ports/storage-engine.ts";
import { logRow, type Queue, readLog, removal, writeLog } from "./log-store.ts";

/** A queue that the index names, and since when. */
export type NamedQueue = Queue & { readonly named: Version };

const indexRecord = (shard: number): string => `index-${shard}`;
const NOBODYS = new Uint8Array(NONCE_BYTES);

/**
 * Has the index name the queue from `now` on. What removes an earlier name leaves this one alone: a clock that is far
 * ahead may take a bucket for past while lists still come into it.
 */
export async function nameQueue(
  log: Log,
  { shard, bucket }: Queue,
  now: Micros,
  call: EngineCall,
): Promise<void> {
  const since = { generationTime: now, nonce: NOBODYS };
  await writeLog(log, indexRecord(shard), [logRow(bucketKey(bucket), EMPTY_BYTES, since, 0)], call);
}

/** Removes the name that was read, and no later one. */
export async function unnameQueue(
  log: Log,
  { shard, bucket, named }: NamedQueue,
  call: EngineCall,
): Promise<void> {
  const seen = { generationTime: named.time, nonce: named.nonce };
  await writeLog(log, indexRecord(shard), [removal(bucketKey(bucket), seen)], call);
}

/** Queues of a shard that may hold markers, the oldest first, from this bucket on. */
export async function readQueues(
  log: Log,
  shard: number,
  from: number,
  call: () => EngineCall,
): Promise<readonly NamedQueue[]> {
  const rows = await readLog(log, indexRecord(shard), { start: bucketKey(from) }, call);
  return rows.map(({ key, version }) => ({ shard, bucket: readMicros(key, 0), named: version }));
}

/** The key of a bucket in its index: they sort by time. */
function bucketKey(bucket: number): Uint8Array {
  const key = new Uint8Array(8);
  writeMicros(key, 0, bucket);
  return key;
}
