/** Failures by what they have in common: of a hundred worlds that break one rule, one is worth looking at. */
import { type Failure, FAILURE_KINDS, type FailureKind } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { failuresOf } from "./figures.ts";

/** The worlds that failed in one way, by one rule. */
export type FailureGroup = {
  readonly kind: FailureKind;
  readonly rule: string;
  /** That of the lowest seed. */
  readonly first: Failure;
  /** All of them, that one too, in the order of seeds. */
  readonly failures: readonly Failure[];
};

/** The gravest way to fail comes first, and of its rules the one that most worlds broke. */
export function groupsOf(result: CampaignResult): readonly FailureGroup[] {
  const all = failuresOf(result);
  return FAILURE_KINDS.flatMap((kind) => {
    const byRule = Map.groupBy(
      all.filter((failure) => failure.kind === kind),
      ({ rule }) => rule,
    );
    const groups = [...byRule].flatMap(([rule, failures]) => {
      const [first] = failures;
      return first === undefined ? [] : [{ kind, rule, first, failures }];
    });
    return groups.toSorted((a, b) => b.failures.length - a.failures.length);
  });
}
