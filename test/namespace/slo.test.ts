// Goal: service levels are complete once resolved, and what makes no sense is refused.
import { expect, test } from "vitest";
import { resolveSlo, type SloOptions } from "../../src/namespace/slo.ts";
import { errorOf } from "../fakes/error-of.ts";

const DEFAULT = { target: 10_000, max: 500_000 };

test.each<[string, SloOptions | undefined, unknown]>([
  ["none", undefined, undefined],
  ["empty ones", {}, { read: DEFAULT, write: DEFAULT }],
  [
    "a target above the default maximum",
    { read: { target: 600_000 } },
    { read: { target: 600_000, max: 600_000 }, write: DEFAULT },
  ],
  [
    "a maximum below the default target",
    { write: { max: 7 } },
    { read: DEFAULT, write: { target: 7, max: 7 } },
  ],
  [
    "deletes and lists of their own",
    { deletes: { target: 1 }, lists: { max: 900_000 } },
    {
      read: DEFAULT,
      write: DEFAULT,
      deletes: { target: 1, max: 500_000 },
      lists: { target: 10_000, max: 900_000 },
    },
  ],
])("resolveSlo() of %s", (_name, options, wanted) => {
  expect(resolveSlo(options)).toEqual(wanted);
});

test.each([
  { target: 0 },
  { max: 0 },
  { target: 1.5 },
  { max: Number.NaN },
  { target: 5, max: 4 },
  { max: Number.POSITIVE_INFINITY },
])("resolveSlo() refuses %o and names the field", (read) => {
  expect(errorOf(() => resolveSlo({ read }))?.message).toContain("slo.read");
  expect(errorOf(() => resolveSlo({ write: read }))?.code).toBe("INVALID_ARGUMENT");
});
