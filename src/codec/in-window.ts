/**
 * Work on a sequence of portions, several at a time, with results in the sequence's order. What is under way is
 * never more than the window, so memory is bounded by it and not by the sequence (CHUNK-6, RES-2).
 */

/**
 * Results of `work` over `source`, in order, at most `width` under way. The next portion is taken only when there is
 * room. After a failure, or when the consumer stops, nothing more is begun, and what is under way is waited for
 * before the failure is passed on (RES-1).
 */
export async function* inWindow<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (portion: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  let failed = false;
  try {
    for await (const portion of source) {
      // Failures are told in order, when their turn comes; that there is one is reason enough to begin nothing more.
      if (failed) break;
      const result = work(portion);
      result.catch(() => {
        failed = true;
      });
      underWay.push(result);
      if (underWay.length >= width) yield await (underWay.shift() as Promise<R>);
    }
    for (;;) {
      const next = underWay.shift();
      if (next === undefined) return;
      yield await next;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}

/** All results of `inWindow`, for portions that are few or whose results are small. */
export async function allInWindow<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (portion: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for await (const result of inWindow(source, width, work)) results.push(result);
  return results;
}

/**
 * Work whose results nobody waits for: a slow portion does not keep those after it from being begun, as long as there
 * is room. Rejects with the first failure, when nothing is under way any more.
 */
export async function eachInWindow<T>(
  source: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (portion: T) => Promise<unknown>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = async (portion: T): Promise<void> => {
    try {
      await work(portion);
    } catch (error) {
      failures.push(error);
    }
  };
  try {
    for await (const portion of source) {
      const one = begin(portion).finally(() => underWay.delete(one));
      underWay.add(one);
      if (underWay.size >= width) await Promise.race(underWay);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
}
