/** Histories with an answer that is not the known one, a rule each. */
import { EXACT_RULES } from "../../sim/check/exact.ts";
import type { History } from "../../sim/check/index.ts";
import { history } from "./histories.ts";

/** The oracle, the rule that it is to say, and to what. */
export const EXACT_HISTORIES: readonly (readonly [string, string, string, History])[] =
  EXACT_RULES.map((rule) => {
    const exact = { rule, what: "keys without values: [] came" };
    return ["exact calls", rule, "another answer", history([], [], { exact })] as const;
  });
