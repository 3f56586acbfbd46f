/** `kvdal shrink`: cuts a failure down until nothing of it can be spared. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { shellWord } from "kvdal/sim";
import { encodePlanFile } from "kvdal/sim/plan-file";
import { breaks, shrink, type Shrunk, sizeOf } from "kvdal/sim/shrink";
import { codeVersion } from "./code-version.ts";
import { EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { print } from "./print.ts";
import {
  type FailingWorld,
  soundLines,
  withFailingWorld,
  type WorldOptions,
} from "./failing-world.ts";
import { addSeedOptions, failureCommand } from "./failure-command.ts";
import { shrinkProgress } from "./shrink-progress.ts";
import { targetsOf, tryTargets, written } from "./targets.ts";
import { wholeNumber } from "./whole-number.ts";
import { PROGRAM } from "./program.ts";

type Options = WorldOptions & {
  readonly out?: string;
  readonly reason?: string;
  readonly seconds: number;
  readonly json?: boolean;
};

const EXAMPLES = `
What is left breaks the same rule, and no operation and no fault can be taken out of it. Operations, faults, clients,
keys, values, think times and clocks are tried; the network is drawn anew where that makes more of them dispensable.

Examples:
  kvdal shrink failures/put-3-77.json --out small.json    a smaller plan file
  kvdal shrink --seed 77                                  a world of kvdal sim
  kvdal shrink --seed 5 --mutant no-tie-break             with a bug planted
  kvdal shrink failures/put-3-77.json --seconds 60        where worlds are slow

Exit codes: 0 it was cut down, 1 it does not fail, 2 wrong usage, 3 the engine is not available.`;

/** The command. */
export function shrinkCommand(): Command {
  const description = "Cuts a failure down until nothing of it can be spared.";
  return addSeedOptions(failureCommand("shrink", description, "[file]"))
    .option("--out <file>", "write what is left as a plan file")
    .option("--reason <text>", "why the plan is kept, for whoever reads the file")
    .option("--seconds <n>", "longest time to go on for", wholeNumber(1, 86_400), 30)
    .option("--json", "print the outcome as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      tryTargets(targetsOf({ out: options.out }));
      await withFailingWorld(file, options, (world) => cutDown(world, options));
    });
}

async function cutDown(world: FailingWorld, options: Options): Promise<void> {
  const { kept, plan, rule, notes, sides } = world;
  const begun = performance.now();
  const progress = shrinkProgress();
  const shrunk = await shrink({
    plan,
    watch: sides.watch,
    fails: (run) => rule !== undefined && breaks(rule, run),
    isOver: () => performance.now() - begun > options.seconds * 1000,
    onProgress: progress.tell,
  });
  progress.end();
  if (shrunk === undefined) {
    process.exitCode = EXIT_FAILED;
    print(options, { shrunk: false }, soundLines(world, "there is nothing to cut down"));
    return;
  }
  const seconds = (performance.now() - begun) / 1000;
  // Why it was kept says nothing of another rule.
  const before = notes.length === 0 ? kept?.reason : undefined;
  const reason = options.reason ?? before ?? "";
  const keep = (path: string) => write(path, world, reason, shrunk);
  const isKept = await keptIn(options.out, keep);
  report(world, shrunk, seconds, isKept ? options : { ...options, out: undefined });
  if (!isKept) process.exitCode = EXIT_USAGE;
}

/** Writes what is left where that is wanted; false where it cannot be written. */
async function keptIn(
  out: string | undefined,
  keep: (path: string) => Promise<void>,
): Promise<boolean> {
  if (out === undefined) return true;
  return await written({ option: "--out", path: out, kind: "file" }, () => keep(out));
}

async function write(
  path: string,
  { rule = "", cache, mutant, sides: { engine } }: FailingWorld,
  reason: string,
  { plan, run }: Shrunk,
): Promise<void> {
  const { violation, fingerprint } = run;
  const what = violation?.what ?? "";
  const others = violation === undefined ? [] : [violation.rule, ...violation.also];
  const kept = {
    failure: {
      rule,
      what,
      operations: violation?.operations ?? [],
      also: [...new Set(others)].filter((each) => each !== rule),
    },
    fingerprint,
    engine,
    cache: cache === "simulated" ? undefined : cache,
    mutant,
    code: await codeVersion(),
    reason,
    plan,
  };
  await writeFile(path, encodePlanFile(kept));
}

function report(
  failing: FailingWorld,
  shrunk: Shrunk,
  seconds: number,
  options: Pick<Options, "json"> & { readonly out?: string | undefined },
): void {
  const [before, after] = [sizeOf(failing.plan), sizeOf(shrunk.plan)];
  const { runs, isMinimal, run } = shrunk;
  const said = {
    shrunk: true,
    rule: failing.rule,
    before,
    after,
    runs,
    seconds: Number(seconds.toFixed(3)),
    isMinimal,
    fingerprint: run.fingerprint,
    violation: run.violation,
  };
  const out =
    options.out === undefined
      ? []
      : [`kept in ${options.out}: ${PROGRAM} explain ${shellWord(options.out)}`];
  print(options, said, [
    ...failing.notes,
    `${failing.rule}: ${before.operations} operations and ${before.faults} faults, ${after.operations} and ${after.faults} are left ` +
      `after ${runs} worlds in ${seconds.toFixed(1)} s`,
    isMinimal
      ? "no operation and no fault of them can be taken out"
      : "time was over before it was seen that nothing can be taken out: --seconds",
    ...out,
  ]);
}
