/** The same seeds give the same worlds: twice in one process, in any order, in a worker. */
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { kvdalEach, kvdalJson, type SimJson } from "./kvdal.ts";
import { runThousand, THOUSAND } from "./thousand.ts";

/** A thousand worlds, each run twice, in a main thread. */
const inMain = runThousand();

test("sim gives equal fingerprints for 1,000 seeds run twice, and breaks no rule", async () => {
  const result = await inMain;
  expect(result).toMatchObject({ worlds: 1000, failures: 0, repeated: 1000 });
  expect(result.operations).toBeGreaterThanOrEqual(100 * result.worlds);
  // Most of what can befall a call did, and nothing of what is said to be impossible.
  expect(result.coverage.hit).toBeGreaterThan(400);
  expect(result.coverage.contradicted).toEqual([]);
}, 300_000);

test("sim gives the fingerprint of the main thread in a worker too", async () => {
  const main = await inMain;
  const worker = new Worker(new URL("./campaign-worker.ts", import.meta.url), {
    workerData: { seeds: THOUSAND },
    execArgv: ["--conditions=kvdal-source"],
  });
  const fingerprint = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  expect(fingerprint).toBe(main.fingerprint);
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
