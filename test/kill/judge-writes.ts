/** Looks, after a crash, for what a writer had said. */
import { hasNumber, openEmbedded, type WritePlan } from "./embedded-store.ts";
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
