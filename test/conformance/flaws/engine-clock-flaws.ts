/** Engines that remove expired rows by their own clock, well and badly. Over memory, by the environment's steady clock. */
import { toHex } from "../../../src/model/bytes.ts";
import { SECOND } from "../../../src/model/time.ts";
import type { EngineAdapter, Partition, Row, RowsPage } from "../../../src/ports/storage-engine.ts";
import { memory } from "../../../src/engines/memory/adapter.ts";

export type EngineClockFlaw = { readonly id: string; readonly adapter: () => EngineAdapter };

type Conduct = {
  /** Microseconds by which removal misses the expiry. */
  readonly off?: number;
  /** Removes by key: what a newer put wrote goes as well. */
  readonly byKey?: boolean;
  readonly never?: boolean;
};

/** An engine of its own clock; without options a good one. */
export function clockedMemory({
  off = 0,
  byKey = false,
  never = false,
}: Conduct = {}): EngineAdapter {
  const shared = memory();
  const due = new Map<string, number>();
  const nameOf = ({ table, id }: Partition, { key, version }: Row): string =>
    [table, id, toHex(key), ...(byKey ? [] : [version.time, version.expiry])].join("|");
  return {
    name: "clocked",
    open: async (context) => {
      const usual = await shared.open(context);
      const { clock } = context.env;
      const alive = (partition: Partition, page: RowsPage): RowsPage => ({
        ...page,
        rows: page.rows.filter(
          (row) => never || (due.get(nameOf(partition, row)) ?? Infinity) > clock.monotonic(),
        ),
      });
      const ttl = { removal: "native", granularity: 1, max: Infinity, removalLag: 0 } as const;
      return {
        ...usual,
        capabilities: { ...usual.capabilities, ttl },
        write: async (partition, mutations, call) => {
          for (const mutation of mutations) {
            if (mutation.kind !== "put" || mutation.row.version.expiry === 0) continue;
            const left = mutation.row.version.expiry - call.now;
            due.set(nameOf(partition, mutation.row), clock.monotonic() + left + off);
          }
          return usual.write(partition, mutations, call);
        },
        readKeys: async (read, call) => alive(read, await usual.readKeys(read, call)),
        readRange: async (read, call) => alive(read, await usual.readRange(read, call)),
      };
    },
  };
}

export const ENGINE_CLOCK_FLAWS: readonly EngineClockFlaw[] = [
  { id: "never removes", adapter: () => clockedMemory({ never: true }) },
  { id: "removes early", adapter: () => clockedMemory({ off: -0.7 * SECOND }) },
  { id: "removes very late", adapter: () => clockedMemory({ off: 600 * SECOND }) },
  { id: "removes what a newer put wrote", adapter: () => clockedMemory({ byKey: true }) },
];
