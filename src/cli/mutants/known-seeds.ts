/** Seeds of worlds that found planted bugs before: where one still does, nobody has to look for another. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "./verdict.ts";

const FILE = join(import.meta.dirname, "../../../sim/mutants/known-seeds.json");

/** By the name of the bug. Seeds rot with every change of what plans are drawn from: each is a guess. */
export type KnownSeeds = Readonly<Record<string, number>>;

/** Those that are kept in the tree. */
export function readKnownSeeds(): KnownSeeds {
  return JSON.parse(readFileSync(FILE, "utf8")) as KnownSeeds;
}

/** Keeps the worlds of these verdicts beside, or instead of, those that are kept. */
export function keepKnownSeeds(verdicts: readonly Verdict[]): void {
  const found = verdicts.flatMap(({ name, ownSeed }) =>
    ownSeed === null ? [] : [[name, ownSeed]],
  );
  const all = Object.entries({ ...readKnownSeeds(), ...Object.fromEntries(found) });
  const sorted = all.toSorted(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}
