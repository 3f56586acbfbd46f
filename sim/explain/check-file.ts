/** Where a check stands that a sound world is asked at its end, by the words of its verdict. */
import { COST_FILES } from "../costs/index.ts";
import { CALL_FILES } from "../exact/ask-exactly.ts";

type Check = { readonly rule: string; readonly says: string };

const FILES: readonly (readonly [string, readonly Check[]])[] = [
  ...Object.entries(CALL_FILES).map(([file, checks]) => [`sim/exact/${file}`, checks] as const),
  ...Object.entries(COST_FILES).map(([file, checks]) => [`sim/costs/${file}`, checks] as const),
];

/** Its file; undefined for a verdict on something else. */
export function checkFile({
  rule,
  what,
}: {
  readonly rule: string;
  readonly what: string;
}): string | undefined {
  const isOf = (check: Check): boolean => check.rule === rule && what.startsWith(`${check.says}: `);
  return FILES.find(([, checks]) => checks.some(isOf))?.[0];
}
