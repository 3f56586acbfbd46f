/** What a campaign tells while it runs. */
import { afterEach, expect, test, vi } from "vitest";
import type { CampaignState, Failure } from "../../sim/index.ts";
import { Progress } from "../../src/cli/sim/progress.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A campaign with these failures, a rule and a seed each. */
function stateOf(...failures: readonly (readonly [string, number])[]): CampaignState {
  const told = failures.map(
    ([rule, seed]): Partial<Failure> => ({ rule, seed, what: "it is so\nat x" }),
  );
  const sums = { failures: told, counts: { worlds: 1 } };
  return { sums, millis: 0 } as unknown as CampaignState;
}

test("the first world that breaks a rule is told at once, and no other of the same rule", () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const progress = new Progress({ worlds: undefined, millis: undefined }, 0);
  const told = (state: CampaignState): readonly string[] => {
    progress.tell(state);
    return lines.splice(0).map((line) => line.replace("\r\u001b[K", ""));
  };
  expect(told(stateOf())).toEqual([]);
  expect(told(stateOf(["PUT-4", 7]))).toEqual(["PUT-4, seed 7: it is so\n"]);
  const more = [
    ["PUT-4", 7],
    ["PUT-4", 8],
    ["MUT-1", 9],
  ] as const;
  expect(told(stateOf(...more))).toEqual(["MUT-1, seed 9: it is so\n"]);
  expect(told(stateOf(...more))).toEqual([]);
});
