/** Work several at a time: how many are under way, in which order it is told, and that it stops where one fails. */
import { expect, test } from "vitest";
import { sideBySide } from "../../src/cli/side-by-side.ts";

type Open = {
  readonly item: number;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
};

/** Work that ends when it is told to. */
function stage(): { readonly begun: Open[]; readonly work: (item: number) => Promise<string> } {
  const begun: Open[] = [];
  const work = (item: number): Promise<string> =>
    new Promise((resolve, reject) => {
      begun.push({ item, done: () => resolve(`${item} is done`), failed: reject });
    });
  return { begun, work };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a slow one holds up nothing but what is told of those after it", async () => {
  const { begun, work } = stage();
  const all = sideBySide([1, 2, 3, 4], work, 2);
  const first = all.next();
  begun[1]?.done();
  await turn();
  begun[2]?.done();
  await turn();
  expect(begun.map(({ item }) => item)).toEqual([1, 2, 3, 4]);
  begun[0]?.done();
  begun[3]?.done();
  const told = [(await first).value];
  for await (const one of all) told.push(one);
  expect(told).toEqual(["1 is done", "2 is done", "3 is done", "4 is done"]);
});

test("where one fails those before it are told, and no other is begun after that", async () => {
  const { begun, work } = stage();
  const all = sideBySide([1, 2, 3, 4, 5, 6], work, 2);
  const first = all.next();
  begun[1]?.failed(new RangeError("2 broke"));
  await turn();
  begun[0]?.done();
  expect((await first).value).toBe("1 is done");
  await expect(all.next()).rejects.toThrow("2 broke");
  begun[2]?.done();
  begun[3]?.done();
  await turn();
  expect(begun.map(({ item }) => item)).toEqual([1, 2, 3, 4]);
  expect((await all.next()).done).toBe(true);
});
