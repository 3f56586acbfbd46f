/** The guard of determinism: bugs planted in the simulator itself are caught, and where runs part is named. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printOf, REPLICATED, runSeeds, type Sums } from "kvdal/sim";
import { expect, test } from "vitest";
import { plant } from "../../sim/mutants/mutant.ts";
import { SIMULATOR_BUGS } from "../../sim/mutants/simulator.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";
import { kvdal, kvdalJson, type SimJson } from "./kvdal.ts";

/** Each is a process or a few, all at once: on a busy machine none of them is quick. */
const PATIENCE = 240_000;

type Told = {
  readonly time: number;
  readonly node: string | null;
  readonly what: string;
  readonly stack: readonly string[];
};
type Side = { readonly does: string; readonly event: Told | null; readonly cause: Told | null };
type Search = {
  readonly runs: number;
  readonly divergence: { readonly event: number; readonly sides: readonly [Side, Side] } | null;
  readonly error: string | null;
};

const locate = async (planted?: string, seed = 4, runs = 4): Promise<Search> =>
  await kvdalJson<Search>(
    ["divergence", "--seed", String(seed), "--runs", String(runs)],
    planted === undefined ? {} : { planted },
  );

/** Not every world shows every bug: the first of a few that does. */
async function locateInSome(planted: string): Promise<Search> {
  for (const seed of [3, 4, 5, 6]) {
    const search = await locate(planted, seed);
    if (search.divergence !== null) return search;
  }
  return await locate(planted, 7);
}

test.concurrent.each(SIMULATOR_BUGS.filter(({ caughtBy }) => caughtBy === "comparison"))(
  "$name is caught: two runs differ, and where they part is named",
  async ({ name, place }) => {
    const { divergence } = await locateInSome(name);
    const [one, other] = divergence?.sides ?? [];
    expect(one?.event?.stack.join("\n")).toContain(place);
    expect(one?.event?.node).not.toBeNull();
    expect(one?.cause?.what).toContain(" at ");
    expect(one?.event).not.toEqual(other?.event);
  },
  PATIENCE,
);

test.concurrent.each(SIMULATOR_BUGS.filter(({ caughtBy }) => caughtBy === "trap"))(
  "$name is caught: a trap springs, and says who reached for it",
  async ({ name, place }) => {
    const { error } = await locate(name);
    expect(error).toMatch(/inside a simulated world/);
    expect(error).toContain(place);
  },
  PATIENCE,
);

test.concurrent(
  "kvdal divergence has nothing to say of a world that is sound",
  async () => {
    expect(await locate(undefined, 4, 2)).toMatchObject({ runs: 2, divergence: null, error: null });
  },
  PATIENCE,
);

test.concurrent(
  "sim --twice ends with 6, and locates the first world that differs",
  async () => {
    const program = ["sim", "--seeds", "2", "--twice", "--no-corpus"];
    const run = await kvdal(program, { planted: "date-past-the-traps" });
    expect(run.code).toBe(6);
    const said = run.stdout.replaceAll(/\s+/g, " ");
    expect(said).toMatch(/they part in event \d+: .*sim\/world\/network\.ts/);
    expect(said).toContain("locate: npm run kvdal -- divergence --seed 1");
    expect(said).toContain("Next npm run kvdal -- divergence --seed 1");
  },
  PATIENCE,
);

test.concurrent(
  "worlds have the same fingerprints in another order, and in another process",
  async () => {
    const seeds = Array.from({ length: 30 }, (_, i) => 1 + i);
    const run = async (order: readonly number[]): Promise<Sums> =>
      await runSeeds({
        factory: REPLICATED,
        seeds: order,
        twice: false,
        stopAt: () => false,
        cpuMicros: () => 0,
      });
    const [forth, fresh] = await Promise.all([
      run(seeds),
      kvdalJson<SimJson>(["sim", "--seeds", "30", "--no-corpus"]),
    ]);
    // It sums over worlds, in whatever order they ran.
    expect(printOf(await run(seeds.toReversed()))).toBe(printOf(forth));
    expect(fresh.fingerprint).toBe(printOf(forth));
  },
  PATIENCE,
);

test.each(SIMULATOR_BUGS)("$name has its places", ({ name, file, changes }) => {
  const source = readFileSync(join(PROJECT_ROOT, file), "utf8");
  for (const change of changes) expect(plant({ name, file, ...change }, source)).not.toBe(source);
});
