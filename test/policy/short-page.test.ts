import { expect, test } from "vitest";
import { isAskedAgain } from "../../src/policy/short-page.ts";

const short = { found: 5, arrived: 4, isCounted: true, round: 1 };

test.each([
  ["of whose counted items one went away", {}, true],
  ["for the second time", { round: 2 }, true],
  ["that comes short whenever it is asked for", { round: 3 }, false],
  ["that is whole", { arrived: 5 }, false],
  ["of a read without a limit", { isCounted: false }, false],
])("a page %s", (_what, changed, wanted) => {
  expect(isAskedAgain({ ...short, ...changed })).toBe(wanted);
});
