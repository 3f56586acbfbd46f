/** What a client was told, in words. */
import type { JournalEntry } from "../world/world.ts";
import { scanWords } from "./scan-words.ts";

const APPLIED = { no: "not applied", unknown: "perhaps applied" } as const;

/** Items that are named one by one. */
const NAMED_MAX = 6;

/** `ok`, `TOKEN_FROM_PAST, told as not applied`, `ok, no item`, `ok, 2 items: key 3 by 204, key 5 by 201; 1 page, no page token`. */
export function answerWords(entry: JournalEntry, isRead: boolean): string {
  const { ended, outcome, applied } = entry;
  if (ended === undefined) return "never told anything";
  if (applied !== undefined) return `${outcome}, told as ${APPLIED[applied]}`;
  if (outcome !== "ok" || !isRead) return outcome;
  const pages = entry.scanned === undefined ? pageWords(entry) : `; ${scanWords(entry.scanned)}`;
  return `ok, ${itemWords(entry)}${pages}`;
}

function itemWords({ items, seen = [] }: JournalEntry): string {
  const count = items === 0 ? "no item" : `${items} item${items > 1 ? "s" : ""}`;
  const named = seen.slice(0, NAMED_MAX).map(({ key, valueFrom, record }) => {
    const of = record === undefined ? "" : ` of ${record < 0 ? "no record" : `record ${record}`}`;
    return `key ${key}${of}${valueFrom === 0 ? ", whoever wrote it" : ` by ${valueFrom}`}`;
  });
  const left = seen.length - named.length;
  const more = left > 0 ? `, ${left} more` : "";
  return named.length === 0 ? count : `${count}: ${named.join(", ")}${more}`;
}

/** A traversal is over with the first page that comes without a token. */
function pageWords({ pages = [] }: JournalEntry): string {
  if (pages.length === 0) return "";
  const tokens = pages.filter(({ token }) => token !== 0).length;
  if (pages.length === 1) return `; 1 page, ${tokens === 0 ? "no" : "with a"} page token`;
  return `; ${pages.length} pages, ${tokens} with a page token`;
}
