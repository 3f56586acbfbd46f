/** Doing many things at once: in order, within a bound, and nothing is left behind by a failure. */
import { expect, test } from "vitest";
import { inParallel } from "../../../src/engines/dynamodb/parallel.ts";

test("results come in the order of inputs, at most so many at a time", async () => {
  let [out, most] = [0, 0];
  const results = await inParallel([3, 1, 2], 2, async (input) => {
    out += 1;
    most = Math.max(most, out);
    for (let i = 0; i < input; i += 1) await Promise.resolve();
    out -= 1;
    return 10 * input;
  });
  expect(results).toEqual([30, 10, 20]);
  expect(most).toBe(2);
});

test("a failure is told when all that had been begun has ended, and nothing is begun after it", async () => {
  const ended: number[] = [];
  const work = inParallel([1, 2, 3], 2, async (input) => {
    if (input === 1) throw new Error("the first");
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    ended.push(input);
  });
  await expect(work).rejects.toThrow("the first");
  expect(ended).toEqual([2]);
});
