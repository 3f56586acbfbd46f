/** Doing many things with a bound on how many at once. */

/** The results of `work` on all inputs, in their order, at most `most` at a time. Rejects as the first that does. */
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
      results[index] = await work(inputs[index] as In);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, inputs.length) }, worker));
  return results;
}
