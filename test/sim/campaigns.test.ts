/** Campaigns as users run them: several processes, shards, ends that are none, and exit codes. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FLAGS, kvdal, kvdalJson, MAIN, type SimJson } from "./kvdal.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "kvdal-campaigns-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

type Summary = SimJson & Readonly<Record<string, unknown>>;

/** Fields that tell how long something took. */
const TIMES: readonly string[] = [
  "cpuSeconds",
  "operationsPerCpuSecond",
  "eventsPerCpuSecond",
  "virtualToCpu",
  "seconds",
];

/** A summary without them, and without the plans that ran first. */
function timeless(summary: Summary): object {
  const left = [...TIMES, "corpus"];
  return Object.fromEntries(Object.entries(summary).filter(([name]) => !left.includes(name)));
}

const SEEDS = ["--engine", "replicated-short", "--from", "300", "--seeds", "300", "--no-corpus"];
const whole = kvdalJson<Summary>(["sim", ...SEEDS]);

test("two workers give what one process gives", async () => {
  const two = await kvdalJson<Summary>(["sim", ...SEEDS, "--workers", "2"]);
  expect(timeless(two)).toEqual(timeless(await whole));
  expect(two["cpuSeconds"]).toBeGreaterThan(0);
}, 120_000);

test("three shards give, merged, what the whole campaign gives", async () => {
  const files = [1, 2, 3].map((shard) => join(FOLDER, `${shard}.jsonl`));
  const run = (args: readonly string[], index: number) =>
    kvdal(["sim", ...SEEDS, "--state", files[index]!, ...args], {
      env: { JOB_COMPLETION_INDEX: "2" },
    });
  await Promise.all(
    [
      ["--shard", "1/3"],
      ["--shard", "2/3"],
      ["--shard", "env/3"],
    ].map(run),
  );
  const merged = await kvdalJson<Summary>(["merge", ...files]);
  expect(timeless(merged)).toEqual(timeless(await whole));
  const { code, stderr } = await kvdal(["merge", ...files.slice(0, 2)]);
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("3/3 is missing"),
  });
}, 120_000);

/** Starts a campaign, in a group of its own, and sends it a signal once some of it is in its file. */
async function ended(
  args: readonly string[],
  file: string,
  send: (pid: number) => void,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...args, "--state", file], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const end = new Promise<number | null>((resolve) => child.once("close", resolve));
  const lines = (): number =>
    existsSync(file) ? readFileSync(file, "utf8").split("\n").length : 0;
  while (lines() < 3 && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
  send(child.pid as number);
  return { code: await end, stdout };
}

/** As from a terminal, which sends it to all processes, when the one that started them hands it on as well. */
function ctrlC(pid: number): void {
  process.kill(-pid, "SIGINT");
  setTimeout(() => process.kill(pid, "SIGINT"), 5);
}

test("Ctrl-C ends a campaign with the summary of what ran", async () => {
  const args = ["sim", "--seeds", "100000", "--no-corpus", "--workers", "2"];
  const { code, stdout } = await ended(args, join(FOLDER, "stopped.jsonl"), ctrlC);
  expect(stdout).toMatch(/^Stopped {2}by a signal, after \d+ of 100,000 worlds\.$/m);
  expect(stdout).toContain("Result   no rule was broken.");
  expect(code).toBe(130);
}, 120_000);

/** Enough that some are left when a campaign is killed as soon as a few are in its file. */
const MANY = ["--from", "300", "--seeds", "100", "--no-corpus"];

/** Worlds that the text of a campaign's file tells as done, in all of its whole lines. */
function worldsIn(text: string): number {
  const parts = text
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line) as { readonly done: readonly { readonly count: number }[] });
  return parts.flatMap(({ done }) => done).reduce((sum, { count }) => sum + count, 0);
}

test("a campaign that was killed goes on where it stopped, to the same end", async () => {
  const file = join(FOLDER, "killed.jsonl");
  await ended(["sim", ...MANY, "--workers", "2"], file, (pid) => process.kill(pid, "SIGKILL"));
  const before = readFileSync(file, "utf8");
  expect(worldsIn(before)).toBeGreaterThan(0);
  expect(worldsIn(before)).toBeLessThan(100);
  const again = await kvdalJson<Summary>(["sim", ...MANY, "--state", file]);
  const after = readFileSync(file, "utf8");
  expect(after.startsWith(before.slice(0, before.lastIndexOf("\n") + 1))).toBe(true);
  expect(worldsIn(after)).toBe(100);
  expect(timeless(again)).toEqual(timeless(await kvdalJson<Summary>(["sim", ...MANY])));
  const other = await kvdal(["sim", ...MANY, "--twice", "--state", file]);
  expect(other.stderr).toContain("of another campaign: twice is false there, true was wanted");
  expect(other.code).toBe(2);
}, 120_000);

test.skipIf(!existsSync("/dev/full"))(
  "a report that cannot be written in the end costs nothing but itself",
  async () => {
    const args = ["sim", "--seed", "3", "--no-corpus", "--junit", "/dev/full"];
    const { code, stdout, stderr } = await kvdal(args);
    expect(stdout).toContain("Result   no rule was broken.");
    expect(stderr).toBe(
      "kvdal: --junit /dev/full cannot be written: the device is full, " +
        "wanted a file that can be written, in a folder that is there\n",
    );
    expect(code).toBe(2);
  },
  60_000,
);

test("a red campaign keeps what it can, says how to repeat it anywhere, and what to do next", async () => {
  const folder = join(FOLDER, "plans");
  const planted = { planted: "ack-before-quorum" };
  const run = (...seeds: readonly string[]) =>
    kvdal(["sim", ...seeds, "--no-corpus", "--keep", folder], planted);
  const { code, stdout } = await run("--from", "5", "--seeds", "40");
  expect(code).toBe(1);
  const [, file = "", seed = ""] = /^ {4}kept: {3}(\S+-(\d+)\.json)$/m.exec(stdout) ?? [];
  expect(existsSync(file)).toBe(true);
  expect(stdout).toContain(`    repeat: npm run kvdal -- sim --seed ${seed}\n`);
  expect(stdout).toMatch(/^Next {5}npm run kvdal -- explain \S+\/plans\/\S+\.json$/m);
  // In the place of a plan there is a folder now.
  rmSync(file);
  mkdirSync(file);
  const again = await run("--seed", seed);
  expect(again.stdout).toContain(`repeat: npm run kvdal -- sim --seed ${seed}\n`);
  expect(again.stderr).toContain(`cannot be written: ${file} is a folder`);
  expect(again.stderr).not.toMatch(/^ {4}at /m);
  expect(again.code).toBe(1);
}, 120_000);
