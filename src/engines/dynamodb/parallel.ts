/** Doing many things with a bound on how many at once. */

/**
 * The results of `work` on all inputs, in their order, at most `most` at a time. Rejects as one that does, once all
 * that had been begun have ended, and begins no more.
 */
export async function inParallel<In, Out>(
  inputs: readonly In[],
  most: number,
  work: (input: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < inputs.length) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(inputs[index] as In);
      } catch (error) {
        next = inputs.length;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(most, inputs.length) }, worker);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
