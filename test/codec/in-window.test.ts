// Goal: portions in order, never more out than the window, and nothing left behind when it ends early (RES-1, CHUNK-6).
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { allInWindow, eachInWindow, inWindow } from "../../src/codec/in-window.ts";
import { settle } from "../fakes/stepped-env.ts";

type Work = { readonly finish: (result: number | Error) => void };

/** Work that ends when it is told to. */
function workshop() {
  const out = new Map<number, Work>();
  const begun: number[] = [];
  let [now, most] = [0, 0];
  const work = (portion: number): Promise<number> => {
    begun.push(portion);
    now += 1;
    most = Math.max(most, now);
    return new Promise((resolve, reject) => {
      const finish = (result: number | Error): void => {
        now -= 1;
        out.delete(portion);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      out.set(portion, { finish });
    });
  };
  return { work, begun, out, most: () => most, underWay: () => now };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("inWindow()", () => {
  test.prop([
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 1, max: 6 }),
    fc.infiniteStream(fc.nat()),
  ])(
    "gives all results in order, at most its width under way, however they end",
    async (count, width, draws) => {
      const shop = workshop();
      const all = allInWindow(numbers(count), width, shop.work);
      await settle();
      for (let ended = 0; ended < count; ended += 1) {
        const open = [...shop.out.keys()];
        const pick = open[(draws.next().value ?? 0) % open.length] ?? Number.NaN;
        shop.out.get(pick)?.finish(pick * 2);
        await settle();
      }
      expect(await all).toEqual(numbers(count).map((n) => n * 2));
      expect(shop.most()).toBe(Math.min(count, width));
    },
  );

  test("takes the next portion only when there is room", async () => {
    const shop = workshop();
    let taken = 0;
    const source = function* (): Generator<number> {
      for (;;) yield taken++;
    };
    const results = inWindow(source(), 3, shop.work);
    const first = results.next();
    await settle();
    expect([taken, shop.underWay()]).toEqual([3, 3]);
    shop.out.get(0)?.finish(0);
    expect(await first).toEqual({ value: 0, done: false });
    await settle();
    expect(taken).toBe(3);
    const over = results.return();
    for (const { finish } of shop.out.values()) finish(0);
    await over;
    expect(shop.underWay()).toBe(0);
  });

  test("begins nothing after a failure, and passes it on when all that is out has ended", async () => {
    const shop = workshop();
    const all = allInWindow(numbers(10), 3, shop.work);
    let failure: unknown;
    all.catch((error: unknown) => {
      failure = error;
    });
    await settle();
    shop.out.get(2)?.finish(new Error("third"));
    await settle();
    shop.out.get(0)?.finish(0);
    await settle();
    expect(shop.begun).toEqual([0, 1, 2]);
    expect(failure).toBeUndefined();
    shop.out.get(1)?.finish(1);
    await settle();
    expect(failure).toEqual(new Error("third"));
    expect(shop.begun).toEqual([0, 1, 2]);
  });

  test("tells its source to end when it fails or its reader stops", async () => {
    for (const fails of [true, false]) {
      let ended = false;
      const source = async function* (): AsyncGenerator<number> {
        try {
          for (let i = 0; ; i += 1) yield i;
        } finally {
          ended = true;
        }
      };
      const work = async (n: number): Promise<number> => {
        if (fails && n === 4) throw new Error("fifth");
        return n;
      };
      const read = async (): Promise<void> => {
        for await (const n of inWindow(source(), 2, work)) if (n === 6) break;
      };
      await read().catch(() => undefined);
      expect(ended).toBe(true);
    }
  });

  test("waits for what is out when its source fails, and fails as the source does", async () => {
    const shop = workshop();
    const source = function* (): Generator<number> {
      yield 0;
      throw new RangeError("no more");
    };
    const all = allInWindow(source(), 4, shop.work);
    let failure: unknown;
    all.catch((error: unknown) => {
      failure = error;
    });
    await settle();
    expect(failure).toBeUndefined();
    shop.out.get(0)?.finish(0);
    await settle();
    expect(failure).toEqual(new RangeError("no more"));
  });
});

describe("eachInWindow()", () => {
  test.prop([
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 1, max: 6 }),
    fc.infiniteStream(fc.nat()),
  ])("does all, at most its width under way, whichever ends first", async (count, width, draws) => {
    const shop = workshop();
    const all = eachInWindow(numbers(count), width, shop.work);
    await settle();
    for (let ended = 0; ended < count; ended += 1) {
      const open = [...shop.out.keys()];
      expect(open.length).toBe(Math.min(width, count - ended));
      const pick = open[(draws.next().value ?? 0) % open.length] ?? Number.NaN;
      shop.out.get(pick)?.finish(pick);
      await settle();
    }
    await all;
    expect(shop.begun).toEqual(numbers(count));
    expect(shop.most()).toBe(Math.min(count, width));
  });

  test("begins nothing after a failure, and passes the first on when all that is out has ended", async () => {
    const shop = workshop();
    let failure: unknown;
    eachInWindow(numbers(10), 3, shop.work).catch((error: unknown) => {
      failure = error;
    });
    await settle();
    shop.out.get(2)?.finish(new Error("third"));
    await settle();
    shop.out.get(0)?.finish(new Error("first, later"));
    await settle();
    expect(failure).toBeUndefined();
    shop.out.get(1)?.finish(1);
    await settle();
    expect(failure).toEqual(new Error("third"));
    expect(shop.begun).toEqual([0, 1, 2]);
  });

  test("waits for what is out when its source fails, and fails as the source does", async () => {
    const shop = workshop();
    const source = function* (): Generator<number> {
      yield 0;
      throw new RangeError("no more");
    };
    let failure: unknown;
    eachInWindow(source(), 4, shop.work).catch((error: unknown) => {
      failure = error;
    });
    await settle();
    expect(failure).toBeUndefined();
    shop.out.get(0)?.finish(0);
    await settle();
    expect(failure).toEqual(new RangeError("no more"));
  });
});
