/** The same seeds give the same worlds: twice in one process, in any order, in a worker. */
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { kvdalEach, kvdalJson, type SimJson } from "./kvdal.ts";
import { runSameWorlds, SAME_WORLDS } from "./same-worlds.ts";

const inMain = runSameWorlds(["--twice"]);

test("sim gives equal fingerprints for 1,300 seeds run twice, and breaks no rule", async () => {
  const results = await inMain;
  for (const [i, { seeds }] of SAME_WORLDS.entries()) {
    expect(results[i]).toMatchObject({ worlds: seeds, failures: 0, repeated: seeds });
    expect(results[i]?.coverage.contradicted).toEqual([]);
  }
  // Of full length.
  const [{ seeds }] = SAME_WORLDS;
  expect(results[0]?.operations).toBeGreaterThanOrEqual(100 * seeds);
}, 300_000);

test("sim gives the fingerprints of the main thread in a worker too", async () => {
  const prints = SAME_WORLDS.map(async (workerData) => {
    const worker = new Worker(new URL("./campaign-worker.ts", import.meta.url), {
      workerData,
      execArgv: ["--conditions=kvdal-source"],
    });
    return new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  const inWorkers = await Promise.all(prints);
  expect(inWorkers).toEqual((await inMain).map(({ fingerprint }) => fingerprint));
}, 300_000);

test("sim --seed repeats one world of a campaign", async () => {
  const [first, again] = await Promise.all([
    kvdalJson<SimJson>(["sim", "--seed", "77"]),
    kvdalJson<SimJson>(["sim", "--from", "77", "--seeds", "1"]),
  ]);
  expect(first.fingerprint).toBe(again.fingerprint);
});

test("sim refuses numbers, engines and caches that are none, with code 2", async () => {
  const refusals = [
    [["sim", "--seeds", "many"], "Wanted a whole number"],
    [["sim", "--engine", "tape"], 'the engine is "tape"'],
    [["sim", "--cache", "tape"], 'the cache is "tape"'],
  ] as const;
  const runs = await kvdalEach(refusals.map(([args]) => args));
  for (const [i, [, said]] of refusals.entries()) {
    expect(runs[i]?.code).toBe(2);
    expect(runs[i]?.stderr).toContain(said);
  }
});
