/** What is done about a page of which items went away while their values were got (PAGE-2, GET-4). */

/** How often a page is asked for at most: then it is as it is, since copies that differ may show a ghost each time. */
const ROUNDS_MAX = 3;

/** A page, and what came of its items. */
export type ArrivedPage = {
  readonly found: number;
  /** Of those found, how many are there with their values. */
  readonly arrived: number;
  /** Whether the read ends after a number of items. */
  readonly isCounted: boolean;
  /** 1 for the page that was asked for first. */
  readonly round: number;
};

/**
 * Whether the page is asked for again. An item that went away was counted, and may have taken the place of one that was
 * there throughout: a read that has a limit of items would end before it. One without a limit goes on in any case.
 */
export function isAskedAgain({ found, arrived, isCounted, round }: ArrivedPage): boolean {
  return isCounted && arrived < found && round < ROUNDS_MAX;
}
