// Goal: one holder a name, turns in order, and no failure that keeps a name taken.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { createKeyedLock } from "../../../src/engines/shared/keyed-lock.ts";

const jobs = fc.array(
  fc.record({ name: fc.constantFrom("a", "b", "c"), waits: fc.nat(4), fails: fc.boolean() }),
  { maxLength: 30 },
);

test.prop([jobs])(
  "createKeyedLock() lets one in at a time, in the order of the calls",
  async (list) => {
    const lock = createKeyedLock();
    const inside = new Map<string, number>();
    const begun = new Map<string, number[]>();
    const results = await Promise.allSettled(
      list.map((job, i) =>
        lock(job.name, async () => {
          expect(inside.get(job.name)).toBeUndefined();
          inside.set(job.name, i);
          begun.set(job.name, [...(begun.get(job.name) ?? []), i]);
          for (let turn = 0; turn < job.waits; turn += 1) await Promise.resolve();
          inside.delete(job.name);
          if (job.fails) throw new Error(`job ${i}`);
          return i;
        }),
      ),
    );
    for (const [i, result] of results.entries()) {
      const wanted = list[i]?.fails === true ? "rejected" : "fulfilled";
      expect(result.status).toBe(wanted);
      expect(result.status === "fulfilled" ? result.value : (result.reason as Error).message).toBe(
        wanted === "fulfilled" ? i : `job ${i}`,
      );
    }
    for (const order of begun.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
  },
);

test("createKeyedLock() runs other names while one is held", async () => {
  const lock = createKeyedLock();
  const held = Promise.withResolvers<string>();
  const first = lock("a", () => held.promise);
  let second = "not begun";
  const waiting = lock("a", async () => {
    second = "begun";
  });
  expect(await lock("b", async () => "free")).toBe("free");
  expect(second).toBe("not begun");
  held.resolve("done");
  expect(await first).toBe("done");
  await waiting;
  expect(second).toBe("begun");
});

test("createKeyedLock() is free again after work that throws at once", async () => {
  const lock = createKeyedLock();
  const thrower = (): Promise<never> => {
    throw new RangeError("at once");
  };
  await expect(lock("a", thrower)).rejects.toThrow("at once");
  expect(await lock("a", async () => 7)).toBe(7);
});

test("createKeyedLock() gives a caller from within its turn the next one", async () => {
  const lock = createKeyedLock();
  const order: string[] = [];
  let inner: Promise<void> | undefined;
  await lock("a", async () => {
    inner = lock("a", async () => {
      order.push("inner");
    });
    await Promise.resolve();
    order.push("outer");
  });
  await inner;
  expect(order).toEqual(["outer", "inner"]);
});

test("createKeyedLock() has a late caller wait, though the first holder is long gone", async () => {
  const lock = createKeyedLock();
  const second = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = lock("a", async () => {
    order.push("first");
  });
  const holding = lock("a", async () => {
    order.push("second in");
    await second.promise;
    order.push("second out");
  });
  await first;
  await Promise.resolve();
  const late = lock("a", async () => {
    order.push("late");
  });
  second.resolve();
  await Promise.all([holding, late]);
  expect(order).toEqual(["first", "second in", "second out", "late"]);
});
