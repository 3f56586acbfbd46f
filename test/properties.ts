/**
 * From which seed properties are tried, and how often (a setup file of vitest). README has the two variables.
 * Without a seed each property draws its own, and its name says it.
 */
import { fc } from "@fast-check/vitest";
import { SEED_VARIABLE } from "./steps/property-seed.ts";

const seed = numberOf(SEED_VARIABLE);
const factor = numberOf("KVDAL_PROPERTY_RUNS");

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed }),
  ...(factor === undefined ? {} : { numRuns: 100 * factor }),
});

function numberOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${name} is "${text}", wanted a whole number of 1 or more`);
}
