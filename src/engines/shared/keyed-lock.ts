/** Mutual exclusion by name, for read-compare-write within one process. */

/** Runs `work` while nobody else holds `name`; callers get their turn in the order of their calls. */
export type KeyedLock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** A lock without limit of names; a name that nobody holds or waits for takes no memory (RES-1). */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<void>>();
  return async (name, work) => {
    const before = tails.get(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    tails.set(name, promise);
    if (before !== undefined) await before;
    try {
      return await work();
    } finally {
      if (tails.get(name) === promise) tails.delete(name);
      resolve();
    }
  };
}
