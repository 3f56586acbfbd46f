/** Chunks through the cache: they are named by their staging and never change, so nothing is to be believed by. */
import type { RangeRead, RowsPage, StorageEngine } from "../ports/storage-engine.ts";
import type { AdmittedCall } from "./cache-access.ts";
import type { Slot } from "./cache-slots.ts";
import type { TierParts } from "./cached-reads.ts";

/** The chunk store's engine, whose ranges are looked for in the cache first. */
export function cachedChunks(parts: TierParts): StorageEngine {
  const { chunks } = parts.namespace;
  const { engine, table } = chunks;
  return {
    ...engine,
    readRange: (read, call) => {
      const { start, end } = read.range;
      const isOther = read.table !== table || call.consistency === "all";
      if (isOther || start === undefined || end === undefined) return engine.readRange(read, call);
      const asking = parts.access.admit(call);
      if (asking === undefined) return engine.readRange(read, call);
      return readChunks(parts, read, parts.slots.chunks(read.id, start, end), asking);
    },
  };
}

async function readChunks(
  { namespace, access, env, cache, rows }: TierParts,
  read: RangeRead,
  slot: Slot,
  call: AdmittedCall,
): Promise<RowsPage> {
  const found = rows.believed(await access.get(slot, call), NO_STAMPS, call.now);
  if (found !== undefined) {
    env.telemetry.count("cache_hits");
    return { rows: found, rowsExamined: found.length, resumeAfter: undefined };
  }
  env.telemetry.count("cache_misses");
  const page = await namespace.chunks.engine.readRange(read, call);
  // Where some are missing, they may be on their way: nothing is concluded from that. As many as there can be are all
  // of them, whether or not the engine knows that nothing follows.
  if (page.rows.length === read.rowLimit) {
    await rows.keep(slot, { stamps: NO_STAMPS, rows: page.rows, life: cache.ttl }, call);
  }
  return page;
}

const NO_STAMPS: readonly Uint8Array[] = [];
