/** Histories of two regions, and with an answer that is not the known one, a rule each. */
import { EXACT_RULES } from "../../sim/check/exact.ts";
import type { History } from "../../sim/check/index.ts";
import { history } from "./histories.ts";
import { REGION_HISTORIES } from "./region-histories.ts";

const EXACT_HISTORIES = EXACT_RULES.map((rule) => {
  const exact = { rule, what: "keys without values: [] came" };
  return ["exact calls", rule, "another answer", history([], [], { exact })] as const;
});

/** The oracle, the rule that it is to say or undefined, and to what. */
export const MORE_HISTORIES: readonly (readonly [string, string | undefined, string, History])[] = [
  ...REGION_HISTORIES,
  ...EXACT_HISTORIES,
];
