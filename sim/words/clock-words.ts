/** What clocks decide of a verdict: how writes are dated, when they expire, and what servers' clocks showed meanwhile. */
import { DAY, type Micros } from "kvdal";
import { exactly } from "../check/request-words.ts";
import { serverWallOf } from "../workload/plan-clocks.ts";
import type { Plan } from "../workload/plan.ts";
import { type JournalEntry, WALL_ORIGIN } from "../world/world.ts";
import { listed } from "./listed.ts";

/** A line, where several of the operations are dated, or one expires; else none. Instants from the world's beginning. */
export function clockLines(
  plan: Plan,
  journal: readonly JournalEntry[],
  named: ReadonlySet<number>,
): readonly string[] {
  const own = journal.filter(({ operation }) => named.has(operation));
  const ttls = new Map(
    plan.operations.flat().map((each) => [each.index, each.kind === "put" ? each.ttl : 0]),
  );
  const dated = own.flatMap(({ operation, dated: at }) => {
    if (at === undefined) return [];
    const ttl = ttls.get(operation) ?? 0;
    const expiry = ttl === 0 ? "" : ` and expires at ${instant(at + ttl)}`;
    return [{ says: `${operation} is dated ${instant(at)}${expiry}`, expires: ttl > 0 }];
  });
  const expires = dated.some((each) => each.expires);
  if (!expires && dated.length < 2) return [];
  const reads = expires ? own.filter((entry) => entry.dated === undefined) : [];
  const says = `By their tokens ${listed(dated.map((each) => each.says))}`;
  return [[says, ...reads.map((entry) => shownWhile(entry, plan))].join("; ") + "."];
}

/** Bounds, as the oracles take them: a request may have come at any moment of its operation. */
function shownWhile({ operation, begun, ended }: JournalEntry, plan: Plan): string {
  const wall = serverWallOf(plan);
  const [low, high] = [wall(begun).low, wall(ended ?? begun).high];
  const shown = low === high ? instant(low) : `${instant(low)} to ${instant(high)}`;
  return `while ${operation} ran, servers' clocks showed ${shown}`;
}

/** No clock of a world is wrong by more, and nothing expires later. Other numbers of so many digits are no instants. */
const NEAR: Micros = 1_000 * DAY;

/** Instants of wall clocks of the world in a text, as those above: microseconds since 1970 are nothing to compare by eye. */
export function sinceBeginning(text: string): string {
  return text.replaceAll(/\b\d{16}\b/gu, (digits) => {
    const wall = Number(digits);
    return Math.abs(wall - WALL_ORIGIN) > NEAR ? digits : instant(wall);
  });
}

function instant(wall: Micros): string {
  return exactly(wall - WALL_ORIGIN);
}
