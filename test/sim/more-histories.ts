/** Histories of two regions, with an answer that is not the known one, a rule each, and with a token that came too early. */
import { EXACT_RULES } from "../../sim/check/exact.ts";
import type { History } from "../../sim/check/index.ts";
import { history, nonce, put } from "./histories.ts";
import { REGION_HISTORIES } from "./region-histories.ts";

const EXACT_HISTORIES = EXACT_RULES.map((rule) => {
  const exact = { rule, what: "keys without values: [] came" };
  return ["exact calls", rule, "another answer", history([], [], { exact })] as const;
});

/** A client's first write, whose token no server took at last, and one that it dated before that. */
const afterTooNew = (refused: boolean): History => {
  const order = { time: 40, rank: 0, expiry: 0, nonce } as const;
  const code = "TOKEN_FROM_FUTURE" as const;
  const told = { code, toldRefused: refused, acknowledged: Number.POSITIVE_INFINITY };
  const early = { client: 1, order, ...told };
  return history([put(1, 10, early), put(2, 11, { client: 1 })], []);
};

/** The oracle, the rule that it is to say or undefined, and to what. */
export const MORE_HISTORIES: readonly (readonly [string, string | undefined, string, History])[] = [
  ...REGION_HISTORIES,
  ...EXACT_HISTORIES,
  ["tokens", "TOK-2", "a token older than one that may have been taken before", afterTooNew(false)],
  ["tokens", undefined, "a token older than one that all servers refused", afterTooNew(true)],
];
