/** The same chunk rows in RocksDB by its binding alone, as its manual has it used. */
import type { RocksdbStore } from "kvdal/engine";
import { type BareChunks, CHUNK_BYTES, eachCall, keyOf } from "./bare-chunks.ts";

/** No row of the layer begins so. */
const PREFIX = 0x7f;
const METADATA = Buffer.alloc(60, 7);

/** Rows in the same database, which then has the same caches and the same compaction for both. */
export function bareRocksdb(store: RocksdbStore): BareChunks {
  return {
    put: (id, value) =>
      eachCall(value.length, (first, end, bucket) =>
        store.use(async (db) => {
          const batch = db.write({ capacity: end - first });
          for (let i = first; i < end; i += 1) {
            const chunk = value.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
            batch.tryPut(nativeKey(id, bucket, i), Buffer.concat([METADATA, chunk]));
          }
          await batch.flush();
          batch.destroy();
        }),
      ),
    get: async (id, bytes) => {
      let found = 0;
      await eachCall(bytes, (first, end, bucket) =>
        store.use(async (db) => {
          const range = { gte: nativeKey(id, bucket, first), lt: nativeKey(id, bucket, end) };
          const options = { reverse: false, limit: end - first, capacity: end - first };
          for await (const { value } of db.iterator(range, options)) {
            found += value.length - METADATA.length;
          }
        }),
      );
      return found;
    },
  };
}

function nativeKey(id: string, bucket: number, index: number): Buffer {
  return Buffer.concat([Buffer.of(PREFIX), Buffer.from(`${id}.${bucket}/`), keyOf(index)]);
}
