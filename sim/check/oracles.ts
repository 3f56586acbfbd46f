/** All oracles, in the order in which they are asked: the first violation of a world is its verdict. */
import { attemptsOracle } from "./attempts.ts";
import { cacheOracle } from "./cache.ts";
import { chunksOracle } from "./chunks.ts";
import { convergenceOracle } from "./convergence.ts";
import { exactOracle } from "./exact.ts";
import { faultsOracle } from "./faults.ts";
import { halvesOracle } from "./halves.ts";
import type { History, Oracle, Violation } from "./history.ts";
import { leftoversOracle } from "./leftovers.ts";
import { listsOracle } from "./lists.ts";
import { pagesOracle } from "./pages.ts";
import { readsOracle } from "./reads.ts";
import { regionsOracle } from "./regions.ts";
import { scansOracle } from "./scans.ts";
import { serviceLevelsOracle } from "./service-levels.ts";
import { tokensOracle } from "./tokens.ts";

/** Each says which rules it can report; `kvdal rules` shows them by rule. */
export const ORACLES: readonly Oracle[] = [
  tokensOracle,
  listsOracle,
  pagesOracle,
  scansOracle,
  cacheOracle,
  readsOracle,
  halvesOracle,
  convergenceOracle,
  regionsOracle,
  chunksOracle,
  serviceLevelsOracle,
  attemptsOracle,
  exactOracle,
  faultsOracle,
  leftoversOracle,
];

/** What is wrong with a world: the first violation, and the rules that other oracles see broken, too. */
export type Verdict = Violation & { readonly also: readonly string[] };

/** Says what is wrong with a history, if anything is. */
export type Judge = (history: History) => Verdict | undefined;

/** The verdict on a history; undefined when no oracle sees anything. */
export function judge(history: History): Verdict | undefined {
  for (const [i, { check }] of ORACLES.entries()) {
    const violation = check(history);
    if (violation === undefined) continue;
    const others = ORACLES.slice(i + 1).flatMap((oracle) => oracle.check(history)?.rule ?? []);
    return { ...violation, also: others };
  }
  return undefined;
}
