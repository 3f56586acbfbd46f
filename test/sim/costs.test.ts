/** What calls cost, counted in worlds that have nothing else in them; and in which worlds it is counted. */
import { CONDITIONAL, drawPlan, REPLICATED } from "kvdal/sim";
import { expect, test } from "vitest";
import { COSTS, countCosts } from "../../sim/costs/index.ts";
import { costsOfCode, countBy } from "../../sim/costs/once.ts";
import { Stage } from "../../sim/costs/stage.ts";
import { EVENTS } from "../../sim/world/event-codes.ts";
import { runWorld } from "../../sim/world/run-loop.ts";
import { World } from "../../sim/world/world.ts";

/** What the work comes to, in a world in which nothing else is done. */
async function inWorld<T>(seed: number, work: (world: World) => Promise<T>): Promise<T | string> {
  const world = new World(seed);
  let told: T | string = "it never ended";
  world.after(0, EVENTS.begin.code, () => {
    work(world).then(
      (what) => {
        told = what;
      },
      (error: unknown) => {
        told = String(error);
      },
    );
  });
  await runWorld(world);
  return told;
}

test("what calls cost is what is known, whatever is drawn", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const flaw = await inWorld(seed, (world) => countCosts(world, 0));
    expect(flaw).toBeUndefined();
  }
});

test("it is counted once for all worlds, and nothing is left of it", async () => {
  expect(costsOfCode()).toBe(costsOfCode());
  expect(await costsOfCode()).toEqual({ isDone: true, flaw: undefined, left: [] });
});

test("a counting that never ends is not done, one that fails fails, and what it leaves is told", async () => {
  const never = countBy(() => new Promise(() => undefined));
  expect(await never).toMatchObject({ isDone: false, flaw: undefined });
  await expect(countBy(() => Promise.reject(new RangeError("no count")))).rejects.toThrow(
    RangeError,
  );
  const leaving = countBy(async (world) => {
    world.noteLeft("a timer");
    return { rule: "COST-1", what: "one read more", check: "reads.ts" } as never;
  });
  expect(await leaving).toMatchObject({
    isDone: true,
    flaw: { what: "one read more" },
    left: ["a timer"],
  });
});

test("each is of a rule and says what is counted, and each notices when nothing is answered", async () => {
  expect(new Set(COSTS.map(({ says }) => says)).size).toBe(COSTS.length);
  const unmoved: string[] = [];
  for (const { says, ask } of COSTS) {
    const told = await inWorld(1, async (world) => {
      const stage = await Stage.open(world, 0);
      const broken = Object.assign(Object.create(stage), {
        serve: () => Promise.reject(new Error("nothing is served")),
        provision: () => Promise.reject(new Error("nothing is made")),
      }) as Stage;
      return await ask(broken);
    });
    if (told === undefined) unmoved.push(says);
  }
  // Three of them ask nobody but a function that decides.
  expect(unmoved).toEqual([
    expect.stringContaining("a cursor"),
    expect.stringContaining("consistency"),
    expect.stringContaining("the level"),
  ]);
});

test("one world in four is counted, over every simulated engine", () => {
  for (const { topology } of [REPLICATED, CONDITIONAL]) {
    const plans = Array.from({ length: 800 }, (_, i) => drawPlan(i + 1, topology));
    const counted = plans.filter(({ costs }) => costs === true).length;
    expect(counted).toBeGreaterThan(165);
    expect(counted).toBeLessThan(235);
  }
});
