/**
 * Oracle for PAGE-1, PAGE-2, PAGE-4, GET-1 and GET-4: pages within their budget, every key once, in order, and none that
 * was not asked for; tokens that go on.
 */
import type { History, Oracle, ReadRecord, Violation } from "./history.ts";

type PageRule = "PAGE-1" | "PAGE-2" | "PAGE-4" | "GET-1" | "GET-4";
type Broken = Violation<PageRule> | undefined;

/** Judges every traversal by itself. That nothing is missing is judged by the oracle of reads. */
export const pagesOracle: Oracle<PageRule> = {
  name: "pages",
  rules: ["PAGE-1", "PAGE-2", "PAGE-4", "GET-1", "GET-4"],
  check: checkPages,
};

function checkPages(history: History): Broken {
  for (const read of history.reads) {
    // Scans are judged as a whole.
    if (read.byScan) continue;
    const violation =
      checkOrder(read) ??
      checkAsked(read) ??
      checkBudget(read) ??
      checkLimit(read) ??
      checkTokens(read);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function checkOrder(read: ReadRecord): Broken {
  const direction = read.reverse ? -1 : 1;
  for (let i = 1; i < read.items.length; i += 1) {
    const [before, after] = [read.items[i - 1]!.key, read.items[i]!.key];
    if ((after - before) * direction > 0) continue;
    const fault = after === before ? "came twice" : "came out of order";
    return broken("PAGE-2", read, `key ${after} of record ${read.record} ${fault}`);
  }
  return undefined;
}

function checkAsked(read: ReadRecord): Broken {
  const other = read.items.find(({ key }) => (read.answered & (1 << key)) === 0);
  if (other === undefined) return undefined;
  const what = `key ${other.key} of record ${read.record} came, and was not asked for`;
  return broken("GET-1", read, what);
}

function checkBudget(read: ReadRecord): Broken {
  const over = read.pages.find((page) => page.items > 1 && page.bytes > page.budget);
  if (over === undefined) return undefined;
  return broken("PAGE-1", read, `a page has ${over.bytes} bytes, wanted at most ${over.budget}`);
}

function checkLimit(read: ReadRecord): Broken {
  if (read.itemLimit === 0 || read.items.length <= read.itemLimit) return undefined;
  const found = `${read.items.length} items came over all pages`;
  return broken("GET-4", read, `${found}, wanted at most ${read.itemLimit}`);
}

/** A token that comes twice is a traversal that goes round. */
function checkTokens(read: ReadRecord): Broken {
  if (read.pages.length < 2) return undefined;
  const tokens = read.pages.map(({ token }) => token).filter((token) => token !== 0);
  if (new Set(tokens).size === tokens.length) return undefined;
  return broken("PAGE-4", read, "a page token came twice in one traversal");
}

function broken(rule: PageRule, read: ReadRecord, what: string): Violation<PageRule> {
  return { rule, what, operations: [read.operation] };
}
