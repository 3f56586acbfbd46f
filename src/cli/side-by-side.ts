/** Work that is done several at a time, and told in order. */
import { availableParallelism } from "node:os";

/** What work on each comes to, in their order; `atATime` are under way at once, as many as there are cores. */
export async function* sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atATime: number = availableParallelism(),
): AsyncGenerator<Result> {
  const results = items.map(() => Promise.withResolvers<Result>());
  // All workers take from it.
  const open = items.entries();
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (const [i, item] of open) {
      if (isOver) return;
      await work(item).then(results[i]?.resolve, results[i]?.reject);
    }
  };
  // One that fails is heard of in its turn.
  for (const { promise } of results) promise.catch(() => undefined);
  for (let i = 0; i < atATime; i += 1) void worker();
  try {
    for (const { promise } of results) yield await promise;
  } finally {
    isOver = true;
  }
}
