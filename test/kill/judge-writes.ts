/** Looks, after a crash, for what a writer had said. */
import type { KvStore } from "../../src/open.ts";
import {
  collectLater,
  countChunks,
  hasNumber,
  openEmbedded,
  type WritePlan,
} from "./embedded-store.ts";
import type { Said } from "./run-writer.ts";

/** Acknowledged numbers that are not there, in order. Rejects when any value, also one only begun, is torn. */
export function missingAfter(plan: WritePlan, said: Said): Promise<readonly number[]> {
  return inStore(plan, async (store) => missingOf(said, await numbersThere(store, plan, said)));
}

/** What collection found and left. */
export type Collected = {
  /** Acknowledged numbers that are not there once it is over, in order. */
  readonly missing: readonly number[];
  /** How many values are there then, acknowledged or not. */
  readonly values: number;
  readonly chunksBefore: number;
  readonly chunksLeft: number;
};

/** Collects all that no item refers to, and looks for what was said. Rejects when any value is torn. */
export function collectAfter(plan: WritePlan, said: Said): Promise<Collected> {
  return inStore(plan, async (store) => {
    const chunksBefore = await countChunks(store);
    await collectLater(store);
    // Looked for afterwards: a collector that takes chunks of a value tears it.
    const there = await numbersThere(store, plan, said);
    const chunksLeft = await countChunks(store);
    return { missing: missingOf(said, there), values: there.size, chunksBefore, chunksLeft };
  });
}

async function inStore<T>(plan: WritePlan, use: (store: KvStore) => Promise<T>): Promise<T> {
  const store = await openEmbedded(plan.store);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function numbersThere(
  store: KvStore,
  plan: WritePlan,
  said: Said,
): Promise<ReadonlySet<number>> {
  const there = new Set<number>();
  for (const n of said.begun) {
    if (await hasNumber(store, n, plan.valueBytes)) there.add(n);
  }
  return there;
}

function missingOf(said: Said, there: ReadonlySet<number>): readonly number[] {
  return said.done.filter((n) => !there.has(n));
}
