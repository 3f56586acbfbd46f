/** Amplification points: each has its place, none disturbs a planted bug, and a process without them runs no plan that has some. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { POINT_FILES, withPoints } from "../../sim/amplify/plant.ts";
import { POINT_NAMES, POINTS } from "../../sim/amplify/list.ts";
import { type Point, statementOf, withPoint } from "../../sim/amplify/point.ts";
import { MUTANTS } from "../../sim/mutants/list.ts";
import { plant } from "../../sim/mutants/mutant.ts";
import { PROJECT_ROOT } from "../tidy/project.ts";

const sourceOf = (file: string): string => readFileSync(join(PROJECT_ROOT, file), "utf8");

describe("a point", () => {
  test.each(POINTS)("$name has its place, and keeps all that is there", (point) => {
    const source = sourceOf(point.file);
    const changed = withPoint(point, source);
    expect(changed?.replace(` ${statementOf(point)}`, "").replace(`${statementOf(point)} `, "")).toBe(
      source,
    );
    expect(changed?.split("\n").length).toBe(source.split("\n").length);
  });

  test("is one that the source has once, or it is refused; what is not there is left out", () => {
    const [point] = POINTS as readonly [Point];
    expect(withPoint(point, "")).toBeUndefined();
    expect(() => withPoint(point, point.find + point.find)).toThrow("stands 2 times");
  });

  test("has a name of its own", () => {
    expect(new Set(POINT_NAMES).size).toBe(POINTS.length);
  });
});

test.each(MUTANTS.filter(({ file }) => POINT_FILES.includes(file)))(
  "the points of its file are there beside the planted bug $name",
  (mutant) => {
    const planted = plant(mutant, sourceOf(mutant.file));
    const points = POINTS.filter(({ file }) => file === mutant.file);
    const all = withPoints(mutant.file, planted);
    expect(points.filter((point) => !all.includes(statementOf(point)))).toEqual([]);
  },
);
