/** README's examples type-check and run as they stand, and print what README says; its counts are those of the code. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheCases, storageCases } from "kvdal/conformance";
import { expect, test } from "vitest";
import { NODE_ADVISED } from "../bench/apart.ts";
import { POINTS } from "../sim/amplify/list.ts";
import { CORRUPTORS } from "../sim/corrupt/list.ts";
import { FAULTS } from "../sim/faults/registry/index.ts";
import { countMutants, proofOf } from "../sim/mutants/needs.ts";
import { SIMULATOR_BUGS } from "../sim/mutants/simulator.ts";
import { VERBS } from "../src/cli/verbs.ts";
import { readHunted } from "../src/cli/mutate/state-file.ts";
import { KEPT_HUNTS, readTriage, scoreOf } from "../src/cli/mutate/triage.ts";
import { EXCEPTIONS } from "./tidy/exceptions.ts";

const ROOT = join(import.meta.dirname, "..");
const SCRATCH = join(ROOT, ".kvdal");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const SIM_README = readFileSync(join(ROOT, "sim", "README.md"), "utf8");

/** Each example with the output that stands between it and the next one. */
const EXAMPLES = README.split("```ts\n")
  .slice(1)
  .map((part) => ({
    code: part.split("```")[0] ?? "",
    output: /```text\n([\s\S]*?)```/.exec(part)?.[1],
  }));

test("README has an example in memory, one on disk, and one of lists and scans", () => {
  expect(EXAMPLES.map(({ code }) => code.includes("rocksdb("))).toEqual([false, true, false]);
});

test("README advises the options of Node that benches are run with", () => {
  expect(README).toContain(`node ${NODE_ADVISED.join(" ")} …`);
});

test.each(EXAMPLES)(
  "README's example prints $output",
  ({ code, output }) => {
    // Inside the package, so that the example finds it by its name; what it stores goes with the folder.
    mkdirSync(SCRATCH, { recursive: true });
    const folder = mkdtempSync(join(SCRATCH, "readme-"));
    const run = (...args: readonly string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: "utf8",
      });
      return stdout + stderr;
    };
    try {
      writeFileSync(join(folder, "example.ts"), code);
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../tsconfig.json", include: ["example.ts"] }),
      );
      // Types are stripped when it runs, so a wrong call would show only in what it prints.
      expect(run(TSC, "--noEmit", "-p", "tsconfig.json")).toBe("");
      expect(run("--conditions=kvdal-source", "example.ts")).toBe(output);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

const NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** What README says of planted bugs, kinds of fault and all else that is counted, as it would have to say it. */
function counts(): readonly string[] {
  const bugs = countMutants();
  const kinds = FAULTS.length;
  const proofs = FAULTS.flatMap(({ name }) => proofOf(name) ?? []);
  const amongAll = proofs.filter(({ amid }) => amid.length === 0).length;
  return [
    `the ${kinds} kinds of fault that simulated worlds know`,
    `${proofs.length} of the ${kinds} kinds have such a bug, ${amongAll} of them among all other kinds`,
    `has ${bugs.mutants} one-line changes of the source`,
    `in ${bugs.families} families`,
    `${bugs.twoFaults} bugs need two kinds at once, ${bugs.clockOnly} need trouble with clocks`,
    `the public bug that one is: ${bugs.public} are`,
    `goes unseen, or is seen and not located: ${NUMBERS[SIMULATOR_BUGS.length]} are planted`,
    `At ${POINTS.length} places of `,
    `in ${CORRUPTORS.length} ways`,
    `${storageCases.length} cases of the contract on one engine, or ${cacheCases.length} on the caches`,
    `and ${NUMBERS[EXCEPTIONS.length]} named exceptions`,
  ];
}

/** What README says of the machine-made mutants that the tree keeps the hunt of. */
function hunt(): string {
  const { hunted } = readHunted(KEPT_HUNTS);
  const { killed, share, shareInside } = scoreOf(hunted, readTriage());
  const [all, inside] = [share, shareInside].map((part) => `${(100 * part).toFixed(0)} %`);
  return (
    `At the last hunt **${killed} of ${hunted.length} were killed: ${all} of those that are not equivalent**, ` +
    `${inside} of those from which a caller may conclude anything`
  );
}

test.each([...counts(), hunt()])("README says, as it is in the code: %s", (said) => {
  expect(`${README}\n${SIM_README}`).toContain(said);
});

test("README tells of every verb, and of no other", () => {
  const table = README.slice(README.indexOf("\n## Verbs\n"), README.indexOf("\n| code |"));
  const told = [...table.matchAll(/^\| `([a-z-]+)[^|]*\|/gm)].map(([, name]) => name);
  // `images` shares the row of `engines`.
  expect(new Set([...told, "images"])).toEqual(new Set(VERBS.map(({ name }) => name)));
});
