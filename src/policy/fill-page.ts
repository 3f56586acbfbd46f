/** How a page is filled: what to ask of the engine next, or that the page is done (PAGE-1, PAGE-5, PAGE-6). */
import type { Micros } from "../model/time.ts";

/** Average item size assumed while nothing better is known, bytes. */
export const ITEM_BYTES_ASSUMED = 1024;

/** Where a page stands. */
export type PageFacts = {
  readonly budgetBytes: number;
  readonly bytes: number;
  readonly items: number;
  /** Items still wanted over this and all later pages (GET-4). */
  readonly itemsLeft: number;
  /** Rows this call has looked at, and how many it may (PAGE-5). */
  readonly rowsExamined: number;
  readonly rowsExaminedMax: number;
  /** Bytes an item is expected to take, > 0. */
  readonly averageBytes: number;
  /** What is left until the deadline, and how long the slowest engine read of this call took. */
  readonly timeLeft: Micros;
  readonly slowestRead: Micros;
  /** Whether this call got past its starting position, so that a token would advance (PAGE-4). */
  readonly advanced: boolean;
};

/** The next step. */
export type PageStep =
  | { readonly kind: "ask"; readonly rowLimit: number; readonly byteLimit: number }
  /** `why` is for reports: the page is full, the caller has enough, the work or the time is used up. */
  | { readonly kind: "finish"; readonly why: "bytes" | "items" | "rows" | "time" };

/**
 * Decides on the next engine read of a page that is not exhausted. Time alone never ends a page that has not
 * advanced: such a call fails by its deadline instead of returning the token it came with.
 */
export function fillPage(facts: PageFacts): PageStep {
  if (facts.itemsLeft <= 0) return { kind: "finish", why: "items" };
  if (facts.bytes >= facts.budgetBytes) return { kind: "finish", why: "bytes" };
  if (facts.rowsExamined >= facts.rowsExaminedMax) return { kind: "finish", why: "rows" };
  if (facts.advanced && facts.timeLeft <= facts.slowestRead) return { kind: "finish", why: "time" };
  const byteLimit = facts.budgetBytes - facts.bytes;
  const expected = Math.ceil(byteLimit / facts.averageBytes);
  const rowLimit = Math.max(
    1,
    Math.min(expected, facts.itemsLeft, facts.rowsExaminedMax - facts.rowsExamined),
  );
  return { kind: "ask", rowLimit, byteLimit };
}

/** Whether an item of `itemBytes` still fits. The first one always does (PAGE-1). */
export function fits(
  itemBytes: number,
  facts: { bytes: number; items: number },
  budget: number,
): boolean {
  return facts.items === 0 || facts.bytes + itemBytes <= budget;
}
