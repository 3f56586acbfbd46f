/** How a page is filled: what to ask of the engine next, or that the page is done (PAGE-1, PAGE-5, PAGE-6, SLO-2). */
import { projectRead, type ReadPlan, rowsInTime } from "./project-slo.ts";

/** Where a page stands. */
export type PageFacts = ReadPlan & {
  readonly budgetBytes: number;
  readonly bytes: number;
  readonly items: number;
  /** Items still wanted over this and all later pages (GET-4). */
  readonly itemsLeft: number;
  /** Rows this call has looked at, and how many it may (PAGE-5). */
  readonly rowsExamined: number;
  readonly rowsExaminedMax: number;
  /** Reads up to now, without a break, that brought no item. */
  readonly idleReads: number;
  /** Bytes an item is expected to take in the page, >= 1. */
  readonly averageBytes: number;
  /** Bytes a row is expected to take in the engine's answer, >= 1, whatever of it goes into the page. */
  readonly storedBytes: number;
  /** Rows that the expectation rests on. */
  readonly rowsKnown: number;
  /** Whether the engine itself stops at `byteLimit`, so that too many rows cost nothing. */
  readonly pagesByBytes: boolean;
  /** Whether this call got past its starting position, so that a token would advance (PAGE-4). */
  readonly advanced: boolean;
};

/** The next step. */
export type PageStep =
  | { readonly kind: "ask"; readonly rowLimit: number; readonly byteLimit: number }
  /** `why` is for reports: the page is full, the caller has enough, the work or the time is used up. */
  | { readonly kind: "finish"; readonly why: "bytes" | "items" | "rows" | "time" };

/** Least rows asked of an engine that stops by bytes: sizes that differ much then cost no second read. */
const ROWS_BY_BYTES_MIN = 16;
/** Rows asked for beyond the expected ones: one in so many. */
const MARGIN = 16;
/** Rows asked of a namespace of which nothing is known; then so many times those that are. */
const ROWS_COLD = 64;
const ROWS_KNOWN_FACTOR = 4;
/** Most bytes that one read is expected to bring: what a server holds for one call, twice the largest page. */
const READ_BYTES_MAX = 16 * 1024 * 1024;
/** Reads over dead rows double so often. */
const DOUBLINGS_MAX = 8;

/**
 * Decides on the next engine read of a page that is not exhausted. Time alone never ends a page that has not
 * advanced: such a call asks for as many rows as it has time for, one at least, and fails by its deadline instead of
 * returning the token it came with.
 */
export function fillPage(facts: PageFacts): PageStep {
  if (facts.itemsLeft <= 0) return { kind: "finish", why: "items" };
  if (isFull(facts)) return { kind: "finish", why: "bytes" };
  if (facts.rowsExamined >= facts.rowsExaminedMax) return { kind: "finish", why: "rows" };
  const byteLimit = facts.budgetBytes - facts.bytes;
  const rows = rowsToAsk(facts, byteLimit);
  if (!facts.advanced) {
    return { kind: "ask", rowLimit: Math.min(rows, rowsInTime(facts)), byteLimit };
  }
  if (projectRead(facts, rows) >= facts.timeLeft) {
    return { kind: "finish", why: "time" };
  }
  return { kind: "ask", rowLimit: rows, byteLimit };
}

/**
 * Whether another read is not worth while: no byte is left, or the page is half full at least and what is left is
 * less than an average item of it, or than a sixteenth.
 */
function isFull({ budgetBytes, bytes, items }: PageFacts): boolean {
  if (bytes >= budgetBytes) return true;
  if (items === 0 || 2 * bytes < budgetBytes) return false;
  return budgetBytes - bytes < Math.max(bytes / items, budgetBytes / MARGIN);
}

/** As many rows as are expected to fill the page and a few more; doubled with every read that found all dead. */
function rowsToAsk(facts: PageFacts, byteLimit: number): number {
  const expected = byteLimit / facts.averageBytes;
  const least = facts.pagesByBytes ? ROWS_BY_BYTES_MIN : 1;
  const wanted = Math.max(least, Math.floor(expected + expected / MARGIN));
  const known = ROWS_COLD + ROWS_KNOWN_FACTOR * Math.floor(facts.rowsKnown);
  const doubled = 2 ** Math.min(facts.idleReads, DOUBLINGS_MAX);
  return Math.max(
    1,
    Math.min(
      Math.min(wanted, facts.itemsLeft, known) * doubled,
      Math.floor(READ_BYTES_MAX / facts.storedBytes),
      facts.rowsExaminedMax - facts.rowsExamined,
    ),
  );
}

/** Whether an item of `itemBytes` still fits. The first one always does (PAGE-1). */
export function fits(
  itemBytes: number,
  facts: { bytes: number; items: number },
  budget: number,
): boolean {
  return facts.items === 0 || facts.bytes + itemBytes <= budget;
}
