/** How a scan went, in words. */
import type { JournalEntry } from "../world/world.ts";
import { listed } from "./listed.ts";

/** `11 pages, stopped after 5, 4 and 2 pages, gone on from its checkpoint`: each count from the last stop on. */
export function scanWords({ pages, stops }: NonNullable<JournalEntry["scanned"]>): string {
  const count = pagesOf(pages);
  if (stops.length === 0) return count;
  const each = stops.map(({ pages: after, code }) => `${after}${code ? ` (${code})` : ""}`);
  const unit = stops.at(-1)?.pages === 1 ? "page" : "pages";
  return `${count}, stopped after ${listed(each)} ${unit}, gone on from its checkpoint`;
}

function pagesOf(count: number): string {
  return count === 0 ? "no page" : `${count} page${count === 1 ? "" : "s"}`;
}
