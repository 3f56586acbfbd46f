/** Machine-made mutants: how they are made, drawn and counted, what is kept of their hunt, and two of them hunted. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Drawn, drawMutants } from "../../src/cli/mutate/draw.ts";
import type { Hunted } from "../../src/cli/mutate/hunted.ts";
import { huntMutants, worldsFor } from "../../src/cli/mutate/hunts.ts";
import { mutated } from "../../src/cli/mutate/machine-mutant.ts";
import { isWording, makeMutants } from "../../src/cli/mutate/make.ts";
import { NEVER_RUN } from "../../src/cli/mutate/never-run.ts";
import { MutateState, readHunted } from "../../src/cli/mutate/state-file.ts";
import { huntedLine, scoreLines } from "../../src/cli/mutate/text.ts";
import { KEPT_HUNTS, readTriage, scoreOf } from "../../src/cli/mutate/triage.ts";
import { allWorlds } from "../../src/cli/mutate/worlds.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";
import { parseTypeScript } from "../../src/cli/syntax.ts";
import { kvdal } from "../sim/kvdal.ts";

const HEAD = { code: "1", worlds: 150, drawn: 4, made: 100, wording: 7 };

let drawn: Drawn;
beforeAll(async () => {
  drawn = await drawMutants();
}, 60_000);

const sourceOf = (file: string): string => readFileSync(join(PROJECT_ROOT, file), "utf8");

test("more than 200 mutants are drawn, each once, and each is TypeScript", () => {
  const { mutants } = drawn;
  expect(mutants.length).toBeGreaterThanOrEqual(250);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  for (const mutant of mutants) {
    const source = sourceOf(mutant.file);
    const text = mutated(mutant, source);
    expect(text, mutant.name).not.toBe(source);
    expect(() => parseTypeScript(mutant.file, text), mutant.name).not.toThrow();
  }
});

test("files that worlds never run are there, and nothing of them is drawn", () => {
  const missing = [...NEVER_RUN.keys()].filter((file) => !existsSync(join(PROJECT_ROOT, file)));
  expect(missing).toEqual([]);
  expect(drawn.mutants.filter(({ file }) => NEVER_RUN.has(file))).toEqual([]);
});

test("a mutant stands in brackets where its neighbours may bind closer, and keeps its name in another line", async () => {
  const source = "export const f = (a: number, b: number): boolean => !(a < b || a === 7);\n";
  const made = await makeMutants("src/model/f.ts", source);
  const texts = made.map((mutant) => mutated(mutant, source));
  expect(texts).toContain(source.replace("a < b", "(a <= b)"));
  expect(texts).toContain(source.replace("a < b || a === 7", "(a < b && a === 7)"));
  const moved = await makeMutants("src/model/f.ts", `// A line more.\n${source}`);
  expect(moved.map(({ name }) => name)).toEqual(made.map(({ name }) => name));
  expect(moved.map(({ line }) => line)).toEqual(made.map(({ line }) => line + 1));
  expect(() => mutated(made[0]!, `// Another text.\n${source}`)).toThrow("is not what it was");
});

test("equal mutants of one file have names of their own; blocks, statements and cases stand as they are", async () => {
  const source = [
    "export function f(a: string): number {",
    '  switch (a) { case "x": return 1; default: throw new Error("no such a"); }',
    "}",
    'export const g = (a: string): boolean => a === "y" || a === "y";',
    "",
  ].join("\n");
  const made = await makeMutants("src/model/f.ts", source);
  expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
  for (const mutant of made) parseTypeScript(mutant.file, mutated(mutant, source));
  expect(made.filter(isWording).map(({ was }) => was)).toEqual(['"no such a"']);
  expect(made.map(({ becomes }) => becomes)).toEqual(
    expect.arrayContaining(["{}", 'case "x":', "(true)"]),
  );
});

test("worlds are taken of each kind by turns", () => {
  const some = allWorlds().filter(({ seed }) => seed <= 2);
  expect(worldsFor(some, 6)).toMatchObject([
    { kind: "replicated", seed: 1 },
    { kind: "cached", seed: 1 },
    { kind: "workloads", seed: 1 },
    { kind: "conditional", seed: 1 },
    { kind: "conditional, cached", seed: 1 },
    { kind: "replicated", seed: 2 },
  ]);
});

const KILLED: Hunted = {
  name: "model/f:00000001",
  file: "src/model/f.ts",
  line: 1,
  operator: "EqualityOperator",
  was: "a < b",
  becomes: "(a <= b)",
  status: "killed",
  by: "oracle",
  rule: "GET-5",
  kind: "cached",
  seed: 3,
  worlds: 2,
};
const NONE = { by: null, rule: null, kind: null, seed: null };
const HUNTED: readonly Hunted[] = [
  KILLED,
  { ...KILLED, ...NONE, name: "model/f:00000002", status: "survived", worlds: 150 },
  { ...KILLED, ...NONE, name: "model/f:00000003", status: "survived", worlds: 150 },
  { ...KILLED, ...NONE, name: "model/f:00000004", status: "not covered", worlds: 0 },
];
const TRIAGE = [
  { name: "model/f:00000001", class: "equivalent", why: "It was killed, so this is wrong." },
  { name: "model/f:00000002", class: "equivalent", why: "Both are 1." },
  { name: "model/f:00000004", class: "outside", why: "A count that is told to telemetry." },
] as const;

test("the score is of those that are not equivalent; who was killed is not equivalent", () => {
  const score = scoreOf(HUNTED, TRIAGE);
  expect(score).toMatchObject({ mutants: 4, killed: 1, survived: 2, notCovered: 1, untriaged: 1 });
  expect(score.classes).toEqual({ equivalent: 1, blind: 0, oracle: 0, outside: 1 });
  expect([score.share, score.shareInside]).toEqual([1 / 3, 1 / 2]);
  const text = scoreLines(HUNTED, score, HEAD).join("\n");
  expect(text).toMatch(/1 of 4 killed \(oracle 1, silence 0, exception 0, time-out 0\)/);
  expect(text).toContain("NOT TRIAGED 1");
  expect(huntedLine(HUNTED[2]!, undefined)).toContain("NOT TRIAGED");
});

test("the file of hunts goes on after a line that was cut off, and is held to what it is of", () => {
  const file = join(mkdtempSync(join(tmpdir(), "kvdal-")), "hunted.jsonl");
  new MutateState(file, HEAD).add(KILLED);
  const whole = readFileSync(file, "utf8");
  appendFileSync(file, '{"name":"model/f:0000');
  const again = new MutateState(file, HEAD);
  expect([again.of(KILLED.name), again.of("model/f:00000002")]).toEqual([KILLED, undefined]);
  expect(readFileSync(file, "utf8")).toBe(whole);
  expect(() => new MutateState(file, { ...HEAD, code: "2" })).toThrow("is of other hunts");
});

test("the tree keeps a hunt of at least 200, and says of every survivor why, and of nothing else", () => {
  const { head, hunted } = readHunted(KEPT_HUNTS);
  expect(hunted.length).toBeGreaterThanOrEqual(200);
  expect(hunted.length).toBe(head.drawn);
  const triage = readTriage();
  const left = hunted.filter(({ status }) => status !== "killed").map(({ name }) => name);
  expect(triage.map(({ name }) => name).toSorted()).toEqual(left.toSorted());
  const there = new Set(drawn.mutants.map(({ name }) => name));
  // Whoever changes such a line hunts its mutants again and says what is known of them.
  expect(left.filter((name) => !there.has(name))).toEqual([]);
  for (const { name, why } of triage) expect(why, name).toMatch(/^[A-Z`].{20,}\.$/);
});

test("a mutant is killed in a few worlds, one that is equivalent is not, and one that never ends is ended", async () => {
  const make = async (file: string, was: string, becomes: string) => {
    const source = sourceOf(file);
    const start = source.indexOf(was);
    return {
      name: file,
      file,
      operator: "own",
      start,
      end: start + was.length,
      line: 1,
      was,
      becomes,
    };
  };
  const mutants = await Promise.all([
    make("src/engines/shared/last-write-wins.ts", "present) > 0", "present) !== 0"),
    make("src/engines/shared/last-write-wins.ts", "present) > 0", "present) >= 1"),
    make("src/policy/admit-token.ts", "const past =", "for (;;);\n  const past ="),
  ]);
  const some = worldsFor(allWorlds(), 8);
  const fates: unknown[] = [];
  for await (const [, fate] of huntMutants(mutants, () => some)) fates.push(fate);
  expect(fates).toMatchObject([
    { status: "killed", by: "oracle", rule: expect.stringMatching(/^(?:TOK-5|CONS-2)$/) },
    { status: "survived", worlds: 8 },
    { status: "killed", by: "time-out", worlds: 1 },
  ]);
}, 120_000);

test("kvdal mutate refuses a name that nothing has, and tells what is kept", async () => {
  const run = await kvdal(["mutate", "model/none:00000000"]);
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("no mutant is called")]);
  const kept = await kvdal(["mutate", "--kept", "--json"]);
  expect(JSON.parse(kept.stdout)).toMatchObject({ score: { untriaged: 0 } });
});
