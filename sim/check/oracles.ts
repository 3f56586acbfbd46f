/** All oracles, in the order in which they are asked: the first violation of a world is its verdict. */
import { attemptsOracle } from "./attempts.ts";
import { cacheOracle } from "./cache.ts";
import { chunksOracle } from "./chunks.ts";
import { convergenceOracle } from "./convergence.ts";
import { faultsOracle } from "./faults.ts";
import type { History, Oracle, Violation } from "./history.ts";
import { leftoversOracle } from "./leftovers.ts";
import { listsOracle } from "./lists.ts";
import { pagesOracle } from "./pages.ts";
import { readsOracle } from "./reads.ts";
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
  convergenceOracle,
  chunksOracle,
  serviceLevelsOracle,
  attemptsOracle,
  faultsOracle,
  leftoversOracle,
];

/** The first violation that any oracle sees, or undefined. */
export function judge(history: History): Violation | undefined {
  for (const { check } of ORACLES) {
    const violation = check(history);
    if (violation !== undefined) return violation;
  }
  return undefined;
}
