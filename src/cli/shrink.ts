/** `kvdal shrink`: cuts a failure down until nothing of it can be spared. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { type Plan, planOfSeed, SEED_MAX } from "kvdal/sim";
import { MUTANTS } from "kvdal/sim/mutants";
import { encodePlanFile, type KeptPlan } from "kvdal/sim/plan-file";
import { breaks, shrink, type Shrunk, sizeOf } from "kvdal/sim/shrink";
import { codeVersion } from "./code-version.ts";
import { CliError, EXIT_FAILED, EXIT_USAGE } from "./exit.ts";
import { faultsOf } from "./mutants/faults-of.ts";
import { print } from "./print.ts";
import { failureCommand } from "./failure-command.ts";
import {
  bugOf,
  overSides,
  readPlanFile,
  refuseScans,
  type SideOptions,
  type Sides,
  withBug,
} from "./failing-plan.ts";
import { engineOf } from "./sim/engines.ts";
import { shrinkProgress } from "./shrink-progress.ts";
import { wholeNumber } from "./whole-number.ts";
import { PROGRAM } from "./program.ts";

type Options = SideOptions & {
  readonly seed?: number;
  readonly out?: string;
  readonly reason?: string;
  readonly seconds: number;
  readonly json?: boolean;
};

/** A failing world before it is cut down. */
type Failing = Pick<KeptPlan, "plan" | "reason"> & {
  /** The rule that is to stay broken; undefined for the first that a run breaks. */
  readonly rule: string | undefined;
  readonly engine: string | undefined;
  readonly cache: string | undefined;
  readonly mutant: string | undefined;
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
  return failureCommand(
    "shrink",
    "Cuts a failure down until nothing of it can be spared.",
    "[file]",
  )
    .option("--seed <s>", "in place of a file: the world of this seed", wholeNumber(0, SEED_MAX))
    .option("--out <file>", "write what is left as a plan file")
    .option("--reason <text>", "why the plan is kept, for whoever reads the file")
    .option("--seconds <n>", "longest time to go on for", wholeNumber(1, 86_400), 30)
    .option("--json", "print the outcome as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string | undefined, options: Options) => {
      const kept = await readFailing(file, options);
      const mutant = bugOf({ mutant: kept?.mutant }, options);
      await withBug(mutant, () => cutDown(kept, mutant, options));
    });
}

async function readFailing(
  file: string | undefined,
  { seed }: Options,
): Promise<KeptPlan | undefined> {
  if ((file === undefined) === (seed === undefined)) {
    throw new CliError(EXIT_USAGE, "what is to be cut down is a plan file, or a world by --seed");
  }
  if (file === undefined) return undefined;
  const kept = await readPlanFile(file);
  if (kept.failure.rule !== "DETERMINISM") return kept;
  throw new CliError(EXIT_USAGE, "a run that does not repeat cannot be cut down: see kvdal replay");
}

async function cutDown(
  kept: KeptPlan | undefined,
  mutant: string | undefined,
  options: Options,
): Promise<void> {
  const planted = MUTANTS.find(({ name }) => name === mutant);
  const engine = options.engine ?? kept?.engine ?? (planted && engineOf(planted));
  const drawn = planted?.cached === true ? "simulated" : undefined;
  const cache = options.cache ?? kept?.cache ?? drawn;
  await overSides(engine, cache, async (sides) => {
    const workloads = planted?.workload === undefined ? undefined : [planted.workload];
    const { factory } = sides;
    const faults = faultsOf(planted);
    const drawn = { factory, isCached: cache !== undefined, workloads, faults };
    const plan = kept?.plan ?? planOfSeed(options.seed ?? 0, drawn);
    refuseScans(plan, sides);
    const own = kept?.failure.rule ?? (await ownRule(plan, planted?.rule, sides));
    const begun = performance.now();
    const progress = shrinkProgress();
    const shrunk = await shrink({
      plan,
      watch: sides.watch,
      fails: (run) => own !== undefined && breaks(own, run),
      isOver: () => performance.now() - begun > options.seconds * 1000,
      onProgress: progress.tell,
    });
    progress.end();
    if (shrunk === undefined) {
      process.exitCode = EXIT_FAILED;
      print(options, { shrunk: false }, ["it does not fail: there is nothing to cut down"]);
      return;
    }
    const seconds = (performance.now() - begun) / 1000;
    const reason = options.reason ?? kept?.reason ?? "";
    const failing = { rule: own, engine: sides.engine, cache, mutant, plan, reason };
    if (options.out !== undefined) await write(options.out, failing, shrunk);
    report(failing, shrunk, seconds, options);
  });
}

/** The rule that a planted bug is said to break, if the world breaks it, or else the first that it breaks. */
async function ownRule(
  plan: Plan,
  planted: string | undefined,
  { watch }: Sides,
): Promise<string | undefined> {
  const run = await watch(plan);
  if (planted !== undefined && breaks(planted, run)) return planted;
  return run.violation?.rule;
}

async function write(path: string, failing: Failing, { plan, run }: Shrunk): Promise<void> {
  const { rule = "", engine = "replicated", cache, mutant, reason } = failing;
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

function report(failing: Failing, shrunk: Shrunk, seconds: number, options: Options): void {
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
    options.out === undefined ? [] : [`kept in ${options.out}: ${PROGRAM} explain ${options.out}`];
  print(options, said, [
    `${failing.rule}: ${before.operations} operations and ${before.faults} faults, ${after.operations} and ${after.faults} are left ` +
      `after ${runs} worlds in ${seconds.toFixed(1)} s`,
    isMinimal
      ? "no operation and no fault of them can be taken out"
      : "time was over before it was seen that nothing can be taken out: --seconds",
    ...out,
  ]);
}
