/** Planted bugs behind switches: each is there when it is switched on, and only then. */
import { afterEach, describe, expect, test } from "vitest";
import { stripTypeScriptTypes } from "node:module";
import { runInThisContext } from "node:vm";
import { SWITCH, switchedSource } from "../../src/cli/mutants/switched-source.ts";

/** A module whose functions have every kind of body. */
const SOURCE = `
const STEP: number = 1;
const up = (value: number): number => value + STEP;
const both = (one: number) => (other: number): number => one - other;
function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) {
    const more = (by: number): number => { sum += by; return sum; };
    more(value);
  }
  return sum;
}
class Counter {
  #count = STEP;
  next(): number { this.#count += 1; return this.#count; }
}
`;

const DOOR = "return { up, both, total, Counter };";

const changed = (find: string, replace: string): string => {
  expect(SOURCE.split(find)).toHaveLength(2);
  return SOURCE.replace(find, replace);
};

const VARIANTS = [
  { name: "up-by-two", text: changed("value + STEP", "value + STEP + 1") },
  { name: "up-as-negative", text: changed("=> value + STEP", "=> -value + STEP") },
  { name: "swapped", text: changed("one - other", "other - one") },
  { name: "one-is-left-out", text: changed("let sum = 0;", "let sum = -1;") },
  { name: "counts-twice", text: changed("sum += by;", "sum += by; sum += by;") },
  { name: "never-counts", text: changed("this.#count += 1;", "") },
  { name: "second-argument", text: changed("value + STEP;", "value + STEP, unused = 0;") },
  { name: "bigger-step", text: changed("STEP: number = 1", "STEP: number = 2") },
  { name: "counts-from-five", text: changed("#count = STEP", "#count = 5") },
];

const { source, names } = switchedSource("sample.ts", SOURCE, VARIANTS);

type Sample = {
  up(value: number): number;
  both(one: number): (other: number) => number;
  total(values: readonly number[]): number;
  readonly Counter: new () => { next(): number };
};

function answers(): readonly number[] {
  const script = `(() => { ${stripTypeScriptTypes(source)} ${DOOR} })()`;
  const { up, both, total, Counter } = runInThisContext(script) as Sample;
  return [up(1), both(5)(3), total([1, 2]), new Counter().next()];
}

const switchTo = (name: string | undefined): void => void Reflect.set(globalThis, SWITCH, name);

afterEach(() => switchTo(undefined));

describe("switchedSource()", () => {
  test("leaves out what is changed outside of functions", () => {
    const left = VARIANTS.map(({ name }) => name).filter((name) => !names.includes(name));
    expect(left).toEqual(["second-argument", "bigger-step", "counts-from-five"]);
  });

  test("is the source where nothing is switched on", () => {
    switchTo(undefined);
    expect(answers()).toEqual([2, 2, 3, 2]);
  });

  test.each([
    ["up-by-two", [3, 2, 3, 2]],
    ["up-as-negative", [0, 2, 3, 2]],
    ["swapped", [2, -2, 3, 2]],
    ["one-is-left-out", [2, 2, 2, 2]],
    ["counts-twice", [2, 2, 6, 2]],
    ["never-counts", [2, 2, 3, 1]],
  ])("is the source with %s where that is switched on", (name, expected) => {
    switchTo(name);
    expect(answers()).toEqual(expected);
  });

  test("refuses what is no TypeScript", () => {
    expect(() => switchedSource("sample.ts", "const = 1;", [])).toThrow(
      "Could not parse sample.ts",
    );
  });
});
