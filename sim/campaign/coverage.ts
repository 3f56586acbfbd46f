/** The coverage of a campaign: which faults touched which calls with which outcome, and what never can. */
import { FAULT_KINDS, type FaultKind } from "../faults/kinds.ts";
import { type CallOutcome, cellAt, OUTCOMES, type Verb, VERBS } from "../world/touches.ts";
import type { Asked } from "./asked.ts";
import type { Sums } from "./sums.ts";

/** One cell of the matrix. */
export type Cell = {
  readonly fault: FaultKind;
  readonly verb: Verb;
  readonly outcome: CallOutcome;
  /** Calls that ended so and were touched by the fault. */
  readonly count: number;
  /** Why there can be none; undefined where there can be. */
  readonly impossible: string | undefined;
};

/** Cells that cannot be hit, and why: all that have what is named. */
type Impossible = {
  readonly faults?: readonly FaultKind[];
  readonly verbs?: readonly Verb[];
  readonly outcomes?: readonly CallOutcome[];
  readonly reason: string;
};

const CONDITIONAL_FAULTS: readonly FaultKind[] = [
  "throttle",
  "unprocessed",
  "conflict",
  "engine_failure",
];
const NOT_HERE = "only the conditional engine does so";
const OFF = "the fault is not among those that were asked for";
const NOT_SCAN: readonly Verb[] = VERBS.filter((verb) => verb !== "scan");
const NO_TRAVERSAL: readonly Verb[] = NOT_SCAN.filter((verb) => verb !== "page");

const IMPOSSIBLE: readonly Impossible[] = [
  {
    faults: ["alias_flip"],
    verbs: NO_TRAVERSAL,
    reason: "only pages and scans are asked for by the alias",
  },
  {
    faults: ["give_up"],
    verbs: NOT_SCAN,
    outcomes: ["answered"],
    reason: "who gives up is told so; only a scan can have its last page by then",
  },
];

/** What of a campaign says how far it covers the matrix. */
export type Covered = {
  readonly asked: Pick<Asked, "faults" | "engine">;
  readonly sums: Pick<Sums, "touches">;
};

/** All cells, by fault, verb and outcome. */
export function coverageOf({
  asked: { faults, engine },
  sums: { touches },
}: Covered): readonly Cell[] {
  const isOff = (fault: FaultKind): boolean => faults !== null && !faults.includes(fault);
  const reasonOf = (fault: FaultKind, verb: Verb, outcome: CallOutcome): string | undefined => {
    if (isOff(fault)) return OFF;
    if (engine !== "conditional" && CONDITIONAL_FAULTS.includes(fault)) return NOT_HERE;
    return always(fault, verb, outcome);
  };
  return FAULT_KINDS.flatMap((fault) =>
    VERBS.flatMap((verb) =>
      OUTCOMES.map((outcome) => {
        const count = touches[cellAt(fault, verb, outcome)] ?? 0;
        const impossible = reasonOf(fault, verb, outcome);
        return { fault, verb, outcome, count, impossible };
      }),
    ),
  );
}

/** How far the matrix is covered. */
export type CoverageCount = {
  readonly hit: number;
  /** Cells that can be hit. */
  readonly possible: number;
  /** Those that cannot, and were: a reason is wrong, or a count is. */
  readonly contradicted: number;
};

/** Counts the cells. */
export function countCells(cells: readonly Cell[]): CoverageCount {
  const possible = cells.filter(({ impossible }) => impossible === undefined);
  const isHit = ({ count }: Cell): boolean => count > 0;
  const hit = possible.filter(isHit).length;
  return {
    hit,
    possible: possible.length,
    contradicted: cells.filter(isHit).length - hit,
  };
}

/** Why the three never meet, whatever was asked for. */
function always(fault: FaultKind, verb: Verb, outcome: CallOutcome): string | undefined {
  const has = <T>(named: readonly T[] | undefined, one: T): boolean => named?.includes(one) ?? true;
  return IMPOSSIBLE.find(
    ({ faults, verbs, outcomes }) =>
      has(faults, fault) && has(verbs, verb) && has(outcomes, outcome),
  )?.reason;
}
