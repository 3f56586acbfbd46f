/**
 * A real engine as one world sees it. All worlds of a campaign share its tables, each under record ids of its own;
 * what goes through whole tables must not meet the others, or every world would differ from the one before. Chunks lie
 * in one table of several, or scans of them would take the longer the more worlds there have been.
 */
import { compareBytes, compareVersions } from "kvdal";
import type { EngineCall, Partition, Row, ScanPage, ScanRead, StorageEngine } from "kvdal/engine";
import { decodeOwner } from "kvdal/service";
import { LOG_TABLE } from "../../workload/lists-plan.ts";
import { realScope } from "./scope.ts";

/** What sets a world apart from the others. */
export type Apart = {
  /** Begins the ids of its records, before a `-`. */
  readonly idPrefix: string;
  /** The table that stands for another one. */
  readonly tableOf: (table: string) => string;
};

/** `engine` without what other worlds left in its table of chunks, and without sweeps: those are for cases to judge. */
export function engineOfOneWorld(
  engine: StorageEngine,
  { idPrefix, tableOf }: Apart,
): StorageEngine {
  const own = (metadata: Uint8Array): boolean =>
    decodeOwner(metadata)?.id.startsWith(`${idPrefix}-`) === true;
  // The log's records have the same names in every world: it has them under names of its own.
  const placed = <T extends Partition>(at: T): T => ({
    ...at,
    table: tableOf(at.table),
    id: at.table === LOG_TABLE ? `${idPrefix}-${at.id}` : at.id,
  });
  return {
    ...engine,
    write: (partition, mutations, call) => engine.write(placed(partition), mutations, call),
    putIfAbsent: (partition, row, call) => engine.putIfAbsent(placed(partition), row, call),
    readKeys: (read, call) => engine.readKeys(placed(read), call),
    readRange: (read, call) => engine.readRange(placed(read), call),
    scan: async (read, call) => {
      const entries = await asOneCall(() =>
        scanAll(engine, { ...read, table: tableOf(read.table) }, call),
      );
      const mine = entries.filter(({ row }) => own(row.metadata));
      // The engine's order follows from ids, which differ from run to run; what a short round gets done must not.
      const sorted = mine.toSorted((a, b) => compareOwners(a.row, b.row));
      return { entries: sorted, rowsExamined: sorted.length, cursor: undefined };
    },
    sweep: async () => ({ rowsExamined: 0, rowsRemoved: 0, cursor: undefined }),
  };
}

/** However many pages the leavings of other worlds make of it, a scan is one call through the world. */
async function asOneCall<T>(work: () => Promise<T>): Promise<T> {
  const scope = realScope.getStore();
  if (scope === undefined) return work();
  const reach: typeof scope.reach = (_scope, thunk) => thunk();
  return scope.reach(scope, () => realScope.run({ ...scope, reach }, work));
}

async function scanAll(
  engine: StorageEngine,
  read: ScanRead,
  call: EngineCall,
): Promise<ScanPage["entries"]> {
  const entries: ScanPage["entries"][number][] = [];
  let { cursor } = read;
  do {
    const page = await engine.scan({ ...read, cursor }, call);
    entries.push(...page.entries);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return entries;
}

/** By the item that the chunks are of, then by the write, its staging, and the chunk's place: no two are equal. */
function compareOwners(a: Row, b: Row): number {
  const [first, second] = [decodeOwner(a.metadata), decodeOwner(b.metadata)];
  if (first === undefined || second === undefined) return 0;
  if (first.id !== second.id) return first.id < second.id ? -1 : 1;
  return (
    compareBytes(first.key, second.key) ||
    compareVersions(a.version, b.version) ||
    compareBytes(first.staging, second.staging) ||
    compareBytes(a.key, b.key)
  );
}
