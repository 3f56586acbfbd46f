/** Every planted bug still has its place in the source, once: whoever changes that line hears of it at once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { plant } from "../../sim/mutants/mutant.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";

test.each(MUTANTS)("$name has its place", (mutant) => {
  const source = readFileSync(join(PROJECT_ROOT, mutant.file), "utf8");
  expect(plant(mutant, source)).not.toBe(source);
});

test("no two planted bugs have one name", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});
