/** The worlds that must be the same wherever they run: a thousand short ones, and some hundreds at their full length. */
import { kvdalJson, type RunOptions, type SimJson } from "./kvdal.ts";

/** By engine, from seed 1 on. */
export const SAME_WORLDS = [
  { engine: "replicated", seeds: 300 },
  { engine: "replicated-short", seeds: 1_000 },
] as const;

/** What a process on some Node makes of them, each run once or, with `--twice`, twice. */
export function runSameWorlds(
  flags: readonly "--twice"[] = [],
  options: RunOptions = {},
): Promise<readonly SimJson[]> {
  return Promise.all(
    SAME_WORLDS.map(({ engine, seeds }) => {
      const range = ["--engine", engine, "--seeds", `${seeds}`, "--no-corpus"];
      return kvdalJson<SimJson>(["sim", ...range, ...flags], options);
    }),
  );
}
