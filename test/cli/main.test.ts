/** The program's manners: help, refusals, exit codes, and a report for programs. Method: run it as users do. */
import { describe, expect, test } from "vitest";
import { storageCases } from "kvdal/conformance";
import { VERBS } from "../../src/cli/verbs.ts";
import * as program from "../sim/kvdal.ts";

const TIMEOUT_MILLIS = 60_000;
const OPTIONS = { env: { KVDAL_CASSANDRA: "127.0.0.1:1" } };

type Ended = { readonly code: number | null; readonly output: string };

const ended = ({ code, stdout, stderr }: program.Run): Ended => ({ code, output: stdout + stderr });

/** In a process of its own. */
async function kvdal(...args: readonly string[]): Promise<Ended> {
  return ended(await program.kvdal(args, OPTIONS));
}

type Refusal = { readonly args: readonly string[]; readonly says: readonly string[] };

/** Refused before anything else is done, by each of the options. */
function unwritable(args: readonly string[], options: readonly string[]): readonly Refusal[] {
  const says = "/no/such/file cannot be written: there is no folder /no/such, wanted a file";
  return options.map((option) => ({
    args: [...args, option, "/no/such/file"],
    says: [`${option} ${says}`],
  }));
}

const REFUSALS: readonly Refusal[] = [
  { args: ["swim"], says: ['the verb is "swim"', "wanted one of: ", "kvdal --help"] },
  { args: ["--loud"], says: ["unknown option '--loud'", "kvdal --help"] },
  { args: ["conformance"], says: ["missing required argument 'engine'"] },
  { args: ["conformance", "oracle"], says: ['the engine is "oracle"', "wanted one of: memory"] },
  { args: ["conformance", "./no/such.ts"], says: ["./no/such.ts", "no such file is there"] },
  { args: ["conformance", "./src/index.ts"], says: ["exports no engine, wanted `engine`"] },
  { args: ["conformance", "./tsconfig.json"], says: ["./tsconfig.json could not be loaded: "] },
  { args: ["sim", "--engine", "./no/such.ts"], says: ["./no/such.ts", "no such file is there"] },
  { args: ["conformance", "memory", "--case", "x/y"], says: ['the case is "x/y"', "--list"] },
  { args: ["conformance", "memory", "--loud"], says: ["'--loud'", "conformance --help"] },
  {
    args: ["conformance", "memory-cache", "--chunk-above", "3", "--cache", "memcached"],
    says: ["--chunk-above 3 --cache memcached is of namespaces, and memory-cache is a cache"],
  },
  { args: ["conformance", "memory", "--parallel", "0"], says: ["'0'", "from 1 to 64"] },
  {
    args: ["cache-race", "--engine", "oracle"],
    says: ['the engine is "oracle"', "wanted one of: memory"],
  },
  { args: ["cache-race", "--seconds", "1"], says: ["'1'", "from 2 to"] },
  ...unwritable(["sim"], ["--junit", "--html", "--state"]),
  ...unwritable(["merge", "1.jsonl"], ["--junit", "--html"]),
  ...unwritable(["diagram", "--seed", "5"], ["--out", "--shiviz", "--json"]),
  ...unwritable(["shrink", "--seed", "5"], ["--out"]),
  ...unwritable(["mutants"], ["--state", "--needs"]),
  ...unwritable(["mutate"], ["--state"]),
  {
    args: ["sim", "--keep", "/dev/null/plans"],
    says: ["--keep /dev/null/plans cannot be written: /dev/null is no folder, wanted a folder"],
  },
  { args: ["namespaces"], says: ["Usage: kvdal namespaces"] },
  { args: ["namespaces", "chek", "x"], says: ["unknown command 'chek'", "namespaces --help"] },
  { args: ["namespaces", "check"], says: ["missing required argument 'file'"] },
  { args: ["namespaces", "check", "/no/such.yaml"], says: ["the file is /no/such.yaml"] },
  { args: ["provision", "x", "--endpoint", "c"], says: ["Wanted CLUSTER=ADDRESS"] },
];

const HELP = VERBS.map(({ name }) => [name, "--help"]);

/** All of these in one process. */
const others = program.kvdalEach([...REFUSALS.map(({ args }) => args), ...HELP], OPTIONS);

async function other(at: number): Promise<Ended> {
  const run = (await others)[at];
  if (run === undefined) throw new Error(`there was no run ${at}`);
  return ended(run);
}

describe("kvdal", { timeout: TIMEOUT_MILLIS }, () => {
  test("without arguments explains itself, every verb included", async () => {
    const { code, output } = await kvdal();
    expect(code).toBe(0);
    const shown = VERBS.filter(({ name, summary }) =>
      output.split("\n").some((line) => line.includes(`  ${name} `) && line.includes(summary)),
    );
    expect(shown).toEqual(VERBS);
  });

  test.each(VERBS)("$name --help shows examples", async (verb) => {
    const { name } = verb;
    const { code, output } = await other(REFUSALS.length + VERBS.indexOf(verb));
    expect(code).toBe(0);
    expect(output).toMatch(/Examples?:/);
    expect(output).toContain(`Usage: kvdal ${name}`);
  });

  test.each(REFUSALS)("refuses $args with exit code 2", async (refusal) => {
    const { code, output } = await other(REFUSALS.indexOf(refusal));
    for (const text of refusal.says) expect(output).toContain(text);
    expect(output).not.toMatch(/^Ran |^seed |^ {4}at /m);
    expect(code).toBe(2);
  });

  test("ends as it says, in a process of its own too", async () => {
    const [{ args, says }] = REFUSALS as [Refusal];
    const [refused, helped] = await Promise.all([kvdal(...args), kvdal("sim", "--help")]);
    for (const text of says) expect(refused.output).toContain(text);
    expect([refused.code, helped.code]).toEqual([2, 0]);
  });

  test("an engine that cannot be had ends with exit code 3, why, and how to get it", async () => {
    const { code, output } = await kvdal("conformance", "cassandra", "--case", "data/every-byte");
    expect(output).toContain("nothing speaks cassandra at KVDAL_CASSANDRA=127.0.0.1:1");
    expect(output).toContain("To get it: ");
    expect(code).toBe(3);
  });

  test("conformance --json prints the report and nothing else", async () => {
    const { code, output } = await kvdal("conformance", "memory", "--json", "--case", "ttl/*");
    const report = JSON.parse(output) as { passed: number; cases: readonly { id: string }[] };
    expect(code).toBe(0);
    expect(report).toMatchObject({ engine: "memory", failed: 0, skipped: 0 });
    expect(report.cases.length).toBe(report.passed);
    expect(report.cases.every(({ id }) => id.startsWith("ttl/"))).toBe(true);
  });

  test("the list of workloads is JSON where that is asked for, whichever option comes first", async () => {
    const [{ output: text }, ...inJson] = await Promise.all([
      kvdal("sim", "--workload", "list"),
      kvdal("sim", "--workload", "list", "--json"),
      kvdal("explain", "--json", "--workload", "list"),
    ]);
    for (const { code, output } of inJson) {
      const rows = JSON.parse(output) as readonly { readonly name: string }[];
      expect(code).toBe(0);
      for (const { name } of rows) expect(text).toContain(`${name} `);
      expect(rows.length).toBeGreaterThan(3);
    }
  });

  test("conformance --list prints ids, titles and rules", async () => {
    const { code, output } = await kvdal("conformance", "memcached", "--list");
    expect(code).toBe(0);
    expect(output).toMatch(/^cache\/miss +A key .*\(CACHE-3\)$/m);
    expect(output).toMatch(/^\d+ cases$/m);
  });

  test("conformance --list --json prints the same, as JSON and nothing else", async () => {
    const { output } = await kvdal("conformance", "memory", "--list", "--json");
    const cases = JSON.parse(output) as readonly object[];
    for (const one of cases) expect(Object.keys(one)).toEqual(["id", "rules", "title"]);
    expect(cases.length).toBe(storageCases.length);
  });

  test("rules --json prints a row a rule; without it, lines and a count", async () => {
    const rows = JSON.parse((await kvdal("rules", "--json")).output) as readonly object[];
    for (const row of rows) {
      const fields = ["rule", "cases", "oracles", "mutants", "untestedBecause"];
      expect(Object.keys(row)).toEqual(fields);
    }
    const { code, output } = await kvdal("rules", "--untested");
    expect(code).toBe(0);
    expect(output).toMatch(/^SIG-4 +untested: Client and server are of one release/m);
    expect(output).toMatch(new RegExp(`^${rows.length} rules: .* untested$`, "m"));
  });
});
