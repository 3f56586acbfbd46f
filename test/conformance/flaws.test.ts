/**
 * Each case can fail, and each flaw is found: no case is there for nothing. Method: plant a flaw, run the cases that
 * no flaw has failed yet, and, where none of them does, the others until one does.
 */
import { engineDoor, runStorageCases, storageCases } from "kvdal/conformance";
import { afterAll, describe, expect, test } from "vitest";
import { SECOND } from "../../src/model/time.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { FLAWS } from "./flaws/all.ts";
import type { Flaw } from "./flaws/flaw.ts";
import { ENGINE_CLOCK_FLAWS } from "./flaws/engine-clock-flaws.ts";
import { failedIds, judge, passTime } from "./judge.ts";

const failed = new Set<string>();
const isOfEngineClock = (id: string): boolean => id.startsWith("engine-clock/");

/** Cases to a batch: few, since most flaws are found by the first. */
const BATCH = 8;

function noteFailed(id: string): void {
  failed.delete(id);
  failed.add(id);
}

async function failedOf(
  isWanted: (id: string) => boolean,
  { id, open }: Flaw,
): Promise<readonly string[]> {
  const wanted = storageCases.filter((one) => isWanted(one.id));
  return failedIds(await judge(id, open, {}, wanted));
}

function batches(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) =>
    ids.slice(i * BATCH, (i + 1) * BATCH),
  );
}

describe("a flaw is found", () => {
  test.each(FLAWS)("$id", { timeout: 30_000 }, async (flaw) => {
    let found = await failedOf((id) => !failed.has(id), flaw);
    // The latest first: flaws that stand together are mostly found by the same cases.
    for (const some of batches([...failed].toReversed())) {
      if (found.length > 0) break;
      found = await failedOf((id) => some.includes(id), flaw);
    }
    for (const one of found) noteFailed(one);
    expect(found.length).toBeGreaterThan(0);
  });

  test.each(ENGINE_CLOCK_FLAWS)("$id, by its own clock", async ({ id, adapter }) => {
    const stepped = steppedEnv();
    const door = await engineDoor(adapter(), stepped);
    const cases = storageCases.filter((one) => isOfEngineClock(one.id));
    const target = { engine: id, door, engineClock: { door, removalWithin: SECOND } };
    const work = runStorageCases(cases, target, { env: stepped, parallel: cases.length });
    const found = failedIds(await passTime(stepped, work));
    for (const one of found) noteFailed(one);
    expect(found.length).toBeGreaterThan(0);
  });
});

afterAll(() => {
  const idle = storageCases.map(({ id }) => id).filter((id) => !failed.has(id));
  expect(idle, "cases that no planted flaw fails").toEqual([]);
});
