/**
 * A real engine as one world sees it. All worlds of a campaign share its tables, each under record ids of its own;
 * what goes through whole tables must not meet the others, or every world would cost more than the one before.
 */
import type { StorageEngine } from "kvdal/engine";
import { decodeOwner } from "kvdal/service";

/** `engine` without what other worlds left in its table of chunks, and without sweeps: those are for cases to judge. */
export function engineOfOneWorld(engine: StorageEngine, idPrefix: string): StorageEngine {
  const own = (metadata: Uint8Array): boolean =>
    decodeOwner(metadata)?.id.startsWith(`${idPrefix}-`) === true;
  return {
    ...engine,
    scan: async (read, call) => {
      const page = await engine.scan(read, call);
      return { ...page, entries: page.entries.filter(({ row }) => own(row.metadata)) };
    },
    sweep: async () => ({ rowsExamined: 0, rowsRemoved: 0, cursor: undefined }),
  };
}
