/** What `kvdal sim` is asked to do by its command line, and what it refuses. */
import { execFileSync, spawnSync } from "node:child_process";
import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import type { Asked } from "../../sim/index.ts";
import { addSimOptions, askedBy, type SimOptions } from "../../src/cli/sim/options.ts";
import { PLAIN } from "../fakes/asked.ts";

afterEach(() => vi.unstubAllEnvs());

/** What the arguments ask for; throws what the program would say. */
function asked(...args: readonly string[]): Asked {
  const command = addSimOptions(new Command("sim")).exitOverride();
  command.configureOutput({ outputError: () => undefined });
  command.parse([...args], { from: "user" });
  return askedBy(command.opts<SimOptions>());
}

test.each<readonly [args: string, wanted: Partial<Asked>]>([
  ["", {}],
  ["--seed 7", { firstSeed: 7, seeds: 1 }],
  ["--seed 7 --workers 2", { firstSeed: 7, seeds: 1 }],
  ["--from 40 --seeds 20 --twice", { firstSeed: 40, seeds: 20, twice: true }],
  ["--for 1h30m", { seeds: null, forMillis: 5_400_000 }],
  ["--for 250ms", { seeds: null, forMillis: 250 }],
  ["--shard 3/8", { shard: { index: 2, of: 8 } }],
  ["--engine memory --cache simulated", { engine: "memory", cacheEngine: "simulated", seeds: 50 }],
  ["--faults tails,loss,loss", { faults: ["loss", "tails"] }],
  ["--faults none", { faults: [] }],
])("kvdal sim %s", (args, wanted) => {
  expect(asked(...args.split(" ").filter(Boolean))).toEqual({ ...PLAIN, ...wanted });
});

test.each<readonly [args: string, says: string]>([
  ["--seed 7 --seeds 2", "cannot be used with option '--seeds <n>'"],
  ["--seed 7 --from 2", "cannot be used with option '--from <s>'"],
  ["--for 10m --seeds 2", "cannot be used with option '--seeds <n>'"],
  ["--for 10", "Wanted a time with its unit"],
  ["--for 10m5", "Wanted a time with its unit"],
  ["--for 0s", "Wanted a time with its unit"],
  ["--from head", "Wanted a whole number from 0 to 2147483647, or commit."],
  ["--from 2147483647 --seeds 2", "wanted none above 2147483647"],
  ["--shard 3/2", "Wanted i from 1 to 2."],
  ["--shard 0/2", "Wanted i from 1 to 2."],
  ["--shard 1", "Wanted i/n or env/n"],
  ["--shard 3/3 --seeds 2", "there are 3 shards of 2 seeds"],
  ["--faults loss,nine", 'There is no "nine", wanted none or: loss, duplicate'],
])("kvdal sim %s is refused", (args, says) => {
  expect(() => asked(...args.split(" "))).toThrow(says);
});

test("--shard env/n counts from 0, as Kubernetes does, and is refused without its variable", () => {
  vi.stubEnv("JOB_COMPLETION_INDEX", "0");
  expect(asked("--shard", "env/4").shard).toEqual({ index: 0, of: 4 });
  vi.stubEnv("JOB_COMPLETION_INDEX", "4");
  expect(() => asked("--shard", "env/4")).toThrow("Wanted JOB_COMPLETION_INDEX from 0 to 3.");
  vi.stubEnv("JOB_COMPLETION_INDEX", "");
  expect(() => asked("--shard", "env/4")).toThrow("Wanted JOB_COMPLETION_INDEX from 0 to 3.");
});

const hasCommit = spawnSync("git", ["rev-parse", "HEAD"]).status === 0;

test.skipIf(!hasCommit)(
  "--from commit is a seed that follows from the commit, and is refused where there is none",
  () => {
    const git = (...args: readonly string[]) => execFileSync("git", args, { encoding: "utf8" });
    const hash = git("rev-parse", "HEAD").trim();
    const [first, again] = [asked("--from", "commit"), asked("--from", "commit")];
    expect(first.firstSeed).toBe(1 + Number.parseInt(hash.slice(0, 7), 16));
    expect(again).toEqual(first);
    vi.stubEnv("GIT_DIR", "/no/such/folder");
    expect(() => asked("--from", "commit")).toThrow("--from takes a number, too");
  },
);
