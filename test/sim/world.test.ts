/** The parts of a world: draws that depend on names alone, clocks that are wrong, traps, a drain that drains. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as timersTimeout } from "node:timers";
import { setTimeout as promisedTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { between, hash32, KeyedRandom } from "../../sim/world/keyed-random.ts";
import { Network } from "../../sim/world/network.ts";
import { SimNode, wallAt } from "../../sim/world/node.ts";
import { inMacrotask, runEvents } from "../../sim/world/run-loop.ts";
import { WALL_ORIGIN, World } from "../../sim/world/world.ts";

const EXACT = { offset: 0, driftPpm: 0, resolution: 1 };
const QUIET = {
  latencyMin: 10,
  latencyMax: 10,
  tailPpm: 0,
  tailMax: 0,
  lossPpm: 0,
  duplicatePpm: 0,
};

test("KeyedRandom draws depend on name, key and count, not on what was drawn under other keys", () => {
  const scope = { key: 1 };
  const random = new KeyedRandom(hash32(7, 7), scope);
  const first = [random.below(1000), random.below(1000)];
  scope.key = 2;
  for (let i = 0; i < 5; i += 1) random.below(1000);
  scope.key = 1;
  expect([random.below(1000), random.below(1000)]).toEqual(first);
});

test("between() stays within its bounds, both included", () => {
  const random = new KeyedRandom(3, { key: 0 });
  const drawn = new Set(Array.from({ length: 200 }, () => between(random, 4, 6)));
  expect([...drawn].toSorted((a, b) => a - b)).toEqual([4, 5, 6]);
});

test("wallAt() shows offset, drift and resolution", () => {
  expect(wallAt({ offset: -5, driftPpm: 0, resolution: 1 }, 100)).toBe(WALL_ORIGIN + 95);
  expect(wallAt({ offset: 0, driftPpm: 500, resolution: 1 }, 1_000_000)).toBe(
    WALL_ORIGIN + 1_000_500,
  );
  expect(wallAt({ offset: 0, driftPpm: 0, resolution: 1000 }, 1999) % 1000).toBe(0);
});

test("SimNode timers of an earlier life never fire", async () => {
  const world = new World(1);
  const node = new SimNode(world, { index: 0, clock: EXACT });
  const fired: string[] = [];
  node.timer(100, () => fired.push("old"));
  world.after(50, 0, () => {
    node.crash();
    node.restart();
    node.timer(100, () => fired.push("new"));
  });
  await inMacrotask((drain) => runEvents(world, drain));
  expect(fired).toEqual(["new"]);
});

test("runEvents() lets every promise settle before the next event", async () => {
  const world = new World(1);
  const order: string[] = [];
  world.after(1, 0, () => {
    void (async () => {
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      order.push("settled");
    })();
  });
  world.after(1, 0, () => order.push("next"));
  await inMacrotask((drain) => runEvents(world, drain));
  expect(order).toEqual(["settled", "next"]);
});

test.each<readonly [name: string, use: () => unknown]>([
  ["Date.now()", () => Date.now()],
  ["new Date()", () => new Date()],
  ["Math.random()", () => Math.random()],
  ["performance.now()", () => performance.now()],
  ["setTimeout()", () => setTimeout(() => {}, 0)],
  ["crypto.randomUUID()", () => crypto.randomUUID()],
  ["process.hrtime()", () => process.hrtime()],
  ["AbortSignal.timeout()", () => AbortSignal.timeout(1)],
  ["process.memoryUsage()", () => process.memoryUsage()],
  ["Intl.Collator", () => Intl.Collator],
  ["new WeakRef()", () => new WeakRef({})],
  ["localeCompare()", () => "a".localeCompare("b")],
  ["node:crypto's randomBytes()", () => randomBytes(1)],
  ["node:timers's setTimeout()", () => timersTimeout(() => {}, 0)],
  ["node:timers/promises", () => promisedTimeout(0)],
  ["node:os's hostname()", () => hostname()],
])("a world traps %s, and gives it back", async (_name, use) => {
  const world = new World(1);
  world.after(1, 0, () => use());
  await expect(inMacrotask((drain) => runEvents(world, drain))).rejects.toThrow("simulated world");
  expect(use()).toBeDefined();
});

test("a world fails with what it reached for, even where that was swallowed, and says who did", async () => {
  const world = new World(1);
  world.after(1, 0, () => {
    try {
      Math.random();
    } catch {
      // As code does that turns every error into one of its own.
    }
  });
  const run = inMacrotask((drain) => runEvents(world, drain));
  await expect(run).rejects.toThrow(/random was used .* at .*test\/sim\/world\.test\.ts/);
  await expect(inMacrotask(() => "another")).resolves.toBe("another");
});

test("Network cuts one way where a cut says so, and nothing after healing", async () => {
  const world = new World(1);
  const cut = { from: 0, until: 1_000_000, island: [0], direction: "out" as const };
  const network = new Network(world, QUIET, [cut]);
  const [a, b] = [0, 1].map((index) => new SimNode(world, { index, clock: EXACT })) as [
    SimNode,
    SimNode,
  ];
  const arrived: string[] = [];
  network.send(a, b, 1, () => arrived.push("a to b"));
  network.send(b, a, 2, () => arrived.push("b to a"));
  await inMacrotask((drain) => runEvents(world, drain));
  world.heal();
  network.send(a, b, 1, () => arrived.push("a to b, healed"));
  await inMacrotask((drain) => runEvents(world, drain));
  expect(arrived).toEqual(["b to a", "a to b, healed"]);
});

test("Network loses and doubles what the plan says", async () => {
  const world = new World(1);
  const [a, b] = [0, 1].map((index) => new SimNode(world, { index, clock: EXACT })) as [
    SimNode,
    SimNode,
  ];
  let arrived = 0;
  const lossy = new Network(world, { ...QUIET, lossPpm: 1_000_000 }, []);
  const doubling = new Network(world, { ...QUIET, duplicatePpm: 1_000_000 }, []);
  lossy.send(a, b, 1, () => {
    arrived += 100;
  });
  doubling.send(a, b, 1, () => {
    arrived += 1;
  });
  await inMacrotask((drain) => runEvents(world, drain));
  expect(arrived).toBe(2);
});

test("a frozen clock stands still, whatever it drifts by", () => {
  const world = new World(1);
  const freeze = {
    kind: "clock_freeze",
    node: 0,
    at: 10_000,
    until: 40_000,
    by: 0,
    other: 0,
  } as const;
  const clock = { offset: 0, driftPpm: -500, resolution: 1 };
  const node = new SimNode(world, { index: 0, clock, troubles: [freeze] });
  const shown = [10_000, 25_000, 39_999].map((now) => {
    world.now = now;
    return node.wall() - WALL_ORIGIN;
  });
  expect(shown).toEqual([9_995, 9_995, 9_995]);
});
