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
const afterTooNew = (refused: boolean, isSetBack: boolean): History => {
  const order = { time: 40, rank: 0, expiry: 0, nonce } as const;
  const code = "TOKEN_FROM_FUTURE" as const;
  const told = { code, toldRefused: refused, acknowledged: Number.POSITIVE_INFINITY };
  const early = { client: 1, order, ...told, shown: 20 };
  const later = { client: 1, shown: isSetBack ? 19 : 20 };
  return history([put(1, 10, early), put(2, 11, later)], []);
};

/** A write that took effect, a refused one that was dated after it, and by a clock set back one dated before both. */
const beforeBoth = (): History => {
  const dated = (time: number) => ({ order: { time, rank: 0, expiry: 0, nonce } as const });
  const told = { code: "TOKEN_FROM_FUTURE", toldRefused: true, acknowledged: Infinity } as const;
  return history(
    [
      put(1, 10, { client: 1, ...dated(30), shown: 30 }),
      put(2, 20, { client: 1, ...dated(40), ...told, shown: 40 }),
      put(3, 21, { client: 1, ...dated(20), shown: 20 }),
    ],
    [],
  );
};

/** The oracle, the rule that it is to say or undefined, and to what. */
export const MORE_HISTORIES: readonly (readonly [string, string | undefined, string, History])[] = [
  ...REGION_HISTORIES,
  ...EXACT_HISTORIES,
  ["tokens", "TOK-2", "a token older than one before a refused one", beforeBoth()],
  ["tokens", "TOK-2", "a token older than one that may have been taken", afterTooNew(false, true)],
  [
    "tokens",
    "TOK-2",
    "a token older than a refused one, by the same clock",
    afterTooNew(true, false),
  ],
  [
    "tokens",
    undefined,
    "a token older than a refused one, by a clock set back",
    afterTooNew(true, true),
  ],
];
