/** What servers may fail in a world in which nothing fails. */
import { expect, test } from "vitest";
import type { History, ServerFailure, Violation } from "../../sim/check/index.ts";
import { faultsOracle } from "../../sim/check/faults.ts";
import { history } from "./histories.ts";

const verdict = (of: History): Violation | undefined => faultsOracle.check(of);

type Failed = readonly [code: ServerFailure["code"], budget: number, reads: number];

test.each<readonly [rule: string | undefined, ...Failed]>([
  [undefined, "OVERLOADED", 30_000, 1],
  [undefined, "DEADLINE_EXCEEDED", 19_999, 0],
  ["ERR-3", "DEADLINE_EXCEEDED", 20_000, 0],
  ["ERR-3", "DEADLINE_EXCEEDED", 20_000, 4],
  [undefined, "DEADLINE_EXCEEDED", 20_000, 5],
  [undefined, "DEADLINE_EXCEEDED", 39_999, 8],
  ["ERR-3", "DEADLINE_EXCEEDED", 40_000, 8],
  ["ERR-3", "UNAVAILABLE", 1, 20],
])(
  "the oracle of faults says %s to %s after %i µs and %i reads where nothing fails",
  (...given) => {
    const [rule, code, budget, reads] = given;
    const failures = [{ kind: "get_items", code, budget, reads }];
    expect(verdict(history([], [], { failures }))?.rule).toBe(rule);
    expect(verdict(history([], [], { failures, isCalm: false }))).toBeUndefined();
  },
);
