// Goal: whoever claims something in common takes turns, in order; others run side by side; no failure keeps anything.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type Claim, createRowLock } from "../../../src/engines/rocksdb/row-lock.ts";

const claims = fc.option(fc.uniqueArray(fc.constantFrom("x", "y", "z")), { nil: undefined });
const jobs = fc.array(
  fc.record({
    record: fc.constantFrom("a", "b"),
    rows: claims,
    waits: fc.nat(4),
    fails: fc.boolean(),
  }),
  { maxLength: 30 },
);
type Job = typeof jobs extends fc.Arbitrary<(infer J)[]> ? J : never;

const claimed = (rows: readonly string[] | undefined): Claim =>
  rows === undefined ? undefined : new Set(rows);

const meet = (one: Job, other: Job): boolean =>
  one.record === other.record &&
  (one.rows === undefined ||
    other.rows === undefined ||
    one.rows.some((row) => other.rows?.includes(row)));

test.prop([jobs])(
  "createRowLock() lets those with something in common in one at a time, in the order of the calls",
  async (list) => {
    const lock = createRowLock();
    const inside = new Set<number>();
    const begun: number[] = [];
    const results = await Promise.allSettled(
      list.map((job, i) =>
        lock(job.record, claimed(job.rows), async () => {
          for (const other of inside) expect(meet(job, list[other] as Job)).toBe(false);
          inside.add(i);
          begun.push(i);
          for (let turn = 0; turn < job.waits; turn += 1) await Promise.resolve();
          inside.delete(i);
          if (job.fails) throw new Error(`job ${i}`);
          return i;
        }),
      ),
    );
    for (const [i, result] of results.entries()) {
      const said = result.status === "fulfilled" ? result.value : (result.reason as Error).message;
      expect(said).toBe(list[i]?.fails === true ? `job ${i}` : i);
    }
    for (const [at, i] of begun.entries()) {
      const overtaken = begun.slice(0, at).filter((j) => j > i);
      expect(overtaken.filter((j) => meet(list[j] as Job, list[i] as Job))).toEqual([]);
    }
  },
);

/** Work that is held until it is told to end, and says when it has begun. */
function holding(): { work: () => Promise<void>; hasBegun: () => boolean; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = false;
  const work = async (): Promise<void> => {
    begun = true;
    await promise;
  };
  return { work, hasBegun: () => begun, end: resolve };
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each([
  ["another record", "b", undefined],
  ["other rows", "a", ["y", "z"]],
  ["no rows", "a", []],
])("createRowLock() runs %s beside what is held", async (_what, record, rows) => {
  const lock = createRowLock();
  const held = holding();
  const first = lock("a", claimed(["x"]), held.work);
  expect(await lock(record, claimed(rows), async () => "free")).toBe("free");
  held.end();
  await first;
});

test.each([
  ["the same row among others", ["x"], ["y", "x"]],
  ["all while a row is held", ["x"], undefined],
  ["a row while all is held", undefined, ["x"]],
  ["a row that is still to come while all is held", undefined, []],
  ["all while all is held", undefined, undefined],
])("createRowLock() has %s wait", async (_what, held, wanted) => {
  const lock = createRowLock();
  const [one, other] = [holding(), holding()];
  const first = lock("a", claimed(held), one.work);
  const second = lock("a", claimed(wanted), other.work);
  await turn();
  expect([one.hasBegun(), other.hasBegun()]).toEqual([true, false]);
  one.end();
  await first;
  await turn();
  expect(other.hasBegun()).toBe(true);
  other.end();
  await second;
});

test("createRowLock() has a row wait for all that is waited for, though the row itself is free", async () => {
  const lock = createRowLock();
  const [row, all, late] = [holding(), holding(), holding()];
  const out = [
    lock("a", claimed(["x"]), row.work),
    lock("a", undefined, all.work),
    lock("a", claimed(["y"]), late.work),
  ];
  await turn();
  expect([row, all, late].map((one) => one.hasBegun())).toEqual([true, false, false]);
  row.end();
  await turn();
  expect([all, late].map((one) => one.hasBegun())).toEqual([true, false]);
  all.end();
  await turn();
  expect(late.hasBegun()).toBe(true);
  late.end();
  await Promise.all(out);
});

test("createRowLock() is free again after work that throws at once", async () => {
  const lock = createRowLock();
  const thrower = (): Promise<never> => {
    throw new RangeError("at once");
  };
  await expect(lock("a", undefined, thrower)).rejects.toThrow("at once");
  expect(await lock("a", undefined, async () => 7)).toBe(7);
});

test("createRowLock() gives a caller from within its turn the next one", async () => {
  const lock = createRowLock();
  const order: string[] = [];
  let inner: Promise<void> | undefined;
  await lock("a", claimed(["x"]), async () => {
    inner = lock("a", claimed(["x"]), async () => {
      order.push("inner");
    });
    await Promise.resolve();
    order.push("outer");
  });
  await inner;
  expect(order).toEqual(["outer", "inner"]);
});
