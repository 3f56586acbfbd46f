/** The matrix of fault, verb and outcome, for people and for programs. */
import { type Cell, countCells, coverageOf } from "../campaign/coverage.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { FAULT_KINDS, FAULT_WORDS, type FaultKind } from "../faults/kinds.ts";
import { type Verb, VERBS } from "../world/touches.ts";
import { wrapped } from "../words/columns.ts";
import { number } from "./figures.ts";

/** What a count is of. */
export const TOUCH_MEANING: string =
  "A call counts as touched by a fault that fired while it was under way, at its client, at a server that it was sent " +
  "to, or on a link of them; of a fault between servers and what is behind them, all calls at that server count.";

/** The coverage in `sim --json`. */
export function coverageJson(result: CampaignResult): Record<string, unknown> {
  const cells = coverageOf(result);
  const { hit, possible } = countCells(cells);
  const named = ({ fault, verb, outcome }: Cell) => ({ fault, verb, outcome });
  return {
    touch: TOUCH_MEANING,
    faults: FAULT_WORDS,
    hit,
    possible,
    missing: cells.filter((cell) => isOpen(cell) && cell.count === 0).map(named),
    impossible: cells
      .filter((cell) => !isOpen(cell))
      .map((cell) => ({ ...named(cell), reason: cell.impossible })),
    contradicted: cells.filter((cell) => !isOpen(cell) && cell.count > 0).map(named),
    counts: Object.fromEntries(FAULT_KINDS.map((fault) => [fault, countsOf(cells, fault)])),
  };
}

function isOpen({ impossible }: Cell): boolean {
  return impossible === undefined;
}

/** By verb and outcome. */
function countsOf(cells: readonly Cell[], fault: FaultKind): Record<string, unknown> {
  return Object.fromEntries(
    VERBS.map((verb) => [
      verb,
      Object.fromEntries(
        cellsOf(cells, fault, verb).map(({ outcome, count }) => [outcome, count] as const),
      ),
    ]),
  );
}

/** One cell an outcome. */
export function cellsOf(cells: readonly Cell[], fault: FaultKind, verb: Verb): readonly Cell[] {
  return cells.filter((cell) => cell.fault === fault && cell.verb === verb);
}

/** Its lines in the summary: one, where all is well. */
export function coveredLines(result: CampaignResult): readonly string[] {
  const { hit, possible, contradicted } = countCells(coverageOf(result));
  const wrong = contradicted === 0 ? "" : `; ${contradicted} HIT THAT ARE SAID TO BE IMPOSSIBLE`;
  const what = `${number(hit)} of ${number(possible)} cells of fault, verb and outcome${wrong}.`;
  return wrapped("Covered  ", what);
}

const WIDTH = 18;

/** The table behind `--coverage`: a letter an outcome that occurred, a point for one that did not, a dash where it cannot. */
export function coverageLines(result: CampaignResult): readonly string[] {
  const cells = coverageOf(result);
  const head = ["".padEnd(WIDTH), ...VERBS.map((verb) => verb.padEnd(verb.length + 2))].join("");
  const row = (fault: FaultKind): string =>
    [
      fault.padEnd(WIDTH),
      ...VERBS.map((verb) => marks(cellsOf(cells, fault, verb)).padEnd(verb.length + 2)),
    ].join("");
  const reasons = new Set(cells.flatMap(({ impossible }) => impossible ?? []));
  return [
    head.trimEnd(),
    ...FAULT_KINDS.map((fault) => row(fault).trimEnd()),
    ...wrapped(
      "",
      `a answered, f failed, u unknown, . not met, - impossible: ${[...reasons].join("; ")}.`,
    ),
    ...wrapped("", TOUCH_MEANING),
  ];
}

/** One character an outcome; one that is said to be impossible and occurred cries out. */
function marks(cells: readonly Cell[]): string {
  return cells
    .map(({ outcome, count, impossible }) => {
      if (impossible !== undefined) return count === 0 ? "-" : "!";
      return count === 0 ? "." : (outcome[0] as string);
    })
    .join("");
}
