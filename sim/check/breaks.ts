/** Whether a world broke a rule. */
import type { Verdict } from "./oracles.ts";

/** Whether the rule is the one that the verdict tells first, or one that other oracles see broken beside it. */
export function breaks(
  rule: string,
  { violation }: { readonly violation: Verdict | undefined },
): boolean {
  return violation !== undefined && (violation.rule === rule || violation.also.includes(rule));
}
