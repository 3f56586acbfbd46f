/** Looks, after a crash, for what a writer had said. */
import {
  chunksAfterCollection,
  hasNumber,
  openEmbedded,
  type WritePlan,
} from "./embedded-store.ts";
import type { Said } from "./run-writer.ts";

/** Acknowledged numbers that are not there, in order. Rejects when any value, also one only begun, is torn. */
export async function missingAfter(plan: WritePlan, said: Said): Promise<readonly number[]> {
  const store = await openEmbedded(plan.store);
  try {
    const there = new Set<number>();
    for (const n of said.begun) {
      if (await hasNumber(store, n, plan.valueBytes)) there.add(n);
    }
    return said.done.filter((n) => !there.has(n));
  } finally {
    await store.close();
  }
}

/** What is left of the chunks of all values from 1 to `last`, once all that no item refers to is collected. */
export async function chunksLeft(
  plan: WritePlan,
  last: number,
): Promise<{ readonly values: number; readonly chunks: number }> {
  const store = await openEmbedded(plan.store);
  try {
    let values = 0;
    for (let n = 1; n <= last; n += 1) {
      if (await hasNumber(store, n, plan.valueBytes)) values += 1;
    }
    return { values, chunks: await chunksAfterCollection(store) };
  } finally {
    await store.close();
  }
}
