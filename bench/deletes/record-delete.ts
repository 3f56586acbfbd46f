/**
 * What deleting a whole record costs, by the number of its items (DEL-1). One record a size; they are deleted in turn,
 * round after round, each time under a new token: the rows of the first deletion are still there physically, so that
 * the engine faces the same record again.
 */
import { randomBytes } from "node:crypto";
import { hmacSha256, type KvClient, matchKeys, open, SECOND, systemEnv, utf8 } from "kvdal";
import type { EngineAdapter } from "kvdal/engine";
import { type Spread, spreadOf } from "../report.ts";

const NAMESPACE = "deletes";
const ITEMS_PER_PUT = 1000;
const PUTS_AT_ONCE = 4;
const WARM_UP = 50;

/** One size. */
export type RecordDeleteCost = {
  readonly items: number;
  /** Microseconds of the client's call. */
  readonly micros: Spread;
  /** Of the one deletion that found the items alive, before the rounds. */
  readonly firstMicros: number;
  /** Native calls of the engine's library that one deletion made. */
  readonly nativeCalls: number;
};

/** Measures records of these sizes. `say` is told what is being filled. */
export async function measureRecordDeletes(
  adapter: EngineAdapter,
  sizes: readonly number[],
  rounds: number,
  say: (line: string) => void,
): Promise<readonly RecordDeleteCost[]> {
  let nativeCalls = 0;
  const store = await open({
    engine: adapter,
    namespaces: [{ name: NAMESPACE }],
    env: systemEnv(),
    mac: hmacSha256(randomBytes(32)),
    native: (_label, thunk) => {
      nativeCalls += 1;
      return thunk();
    },
    // Filling may be slow; nothing here is about deadlines.
    client: { limits: { timeoutMicros: 120 * SECOND, attemptTimeoutMicros: 60 * SECOND } },
  });
  const timed = async (id: string): Promise<{ micros: number; calls: number }> => {
    const [callsBefore, begun] = [nativeCalls, performance.now()];
    await store.client.deleteItems({ namespace: NAMESPACE, id });
    return { micros: (performance.now() - begun) * 1000, calls: nativeCalls - callsBefore };
  };
  try {
    for (const items of sizes) {
      if (items >= 100_000) say(`filling a record of ${items} items`);
      await fill(store.client, idOf(items), items);
    }
    for (let i = 0; i < WARM_UP; i += 1) await timed("warm-up");
    const costs = sizes.map((items) => ({ items, first: 0, micros: [] as number[], calls: 0 }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const cost of costs) {
        const { micros, calls } = await timed(idOf(cost.items));
        if (round === 0) cost.first = micros;
        else cost.micros.push(micros);
        cost.calls = Math.max(cost.calls, calls);
      }
    }
    for (const items of sizes) await expectEmpty(store.client, items);
    return costs.map(({ items, first, micros, calls }) => ({
      items,
      micros: spreadOf(micros),
      firstMicros: first,
      nativeCalls: calls,
    }));
  } finally {
    await store.close();
  }
}

async function fill(client: KvClient, id: string, items: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items) {
      const first = next;
      next = Math.min(items, first + ITEMS_PER_PUT);
      const some = Array.from({ length: next - first }, (_, i) => keyOf(first + i));
      const value = utf8("value");
      await client.putItems({
        namespace: NAMESPACE,
        id,
        items: some.map((key) => ({ key, value })),
      });
    }
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, worker));
}

async function expectEmpty(client: KvClient, items: number): Promise<void> {
  const predicate = matchKeys(keyOf(0), keyOf(items - 1));
  const page = await client.getItems({ namespace: NAMESPACE, id: idOf(items), predicate });
  if (page.items.length > 0) throw new Error(`a deleted record of ${items} items shows some`);
}

function idOf(items: number): string {
  return `record of ${items}`;
}

function keyOf(index: number): Uint8Array {
  return utf8(String(index).padStart(7, "0"));
}
