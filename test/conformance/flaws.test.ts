/**
 * Each case can fail, and each flaw is found: no case is there for nothing. Method: plant a flaw, run the suite,
 * note which cases fail.
 */
import { engineDoor, runStorageCases, storageCases } from "kvdal/conformance";
import { afterAll, describe, expect, test } from "vitest";
import { SECOND } from "../../src/model/time.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { FLAWS } from "./flaws/all.ts";
import { ENGINE_CLOCK_FLAWS } from "./flaws/engine-clock-flaws.ts";
import { failedIds, judge, passTime } from "./judge.ts";

const failed = new Set<string>();
const isOfEngineClock = (id: string): boolean => id.startsWith("engine-clock/");

describe("a flaw is found", () => {
  test.each(FLAWS)("$id", { timeout: 30_000 }, async ({ id, open }) => {
    const found = failedIds(await judge(id, open));
    for (const one of found) failed.add(one);
    expect(found.length).toBeGreaterThan(0);
  });

  test.each(ENGINE_CLOCK_FLAWS)("$id, by its own clock", async ({ id, adapter }) => {
    const stepped = steppedEnv();
    const door = await engineDoor(adapter(), stepped);
    const cases = storageCases.filter((one) => isOfEngineClock(one.id));
    const target = { engine: id, door, engineClock: { door, removalWithin: SECOND } };
    const work = runStorageCases(cases, target, { env: stepped, parallel: cases.length });
    const found = failedIds(await passTime(stepped, work));
    for (const one of found) failed.add(one);
    expect(found.length).toBeGreaterThan(0);
  });
});

afterAll(() => {
  const idle = storageCases.map(({ id }) => id).filter((id) => !failed.has(id));
  expect(idle, "cases that no planted flaw fails").toEqual([]);
});
