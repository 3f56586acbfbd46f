/** What happened in a failing world, as lines. */
import type { Micros } from "kvdal";
import { wrapped } from "../words/columns.ts";
import { sinceBeginning } from "../words/clock-words.ts";
import type { Explanation } from "./explain.ts";
import type { Happening } from "./happenings.ts";

/** Most lines, with the heading. */
const LINES_MAX = 10;
/** Most lines of one thing that happened. */
const LINES_EACH = 2;

/** A version that no operation made: when it was dated tells little here. */
const OWN_VERSION = /(?: =| by) version \d+(?: with expiry)?/gu;

/**
 * Nothing where nothing is known; else a heading, and what tells most, in the order in which it began. Of what tells as
 * much, that which is nearest to the event that decided, or else to the end.
 */
export function happenedLines({ happened: all, unavoidable }: What): readonly string[] {
  if (all.length === 0) return [];
  const moment = unavoidable.fired?.time ?? all.at(-1)?.at ?? 0;
  const told = all.map((happening) => ({ happening, lines: linesOf(happening) }));
  const room = LINES_MAX - 1;
  const isAll = told.flatMap(({ lines }) => lines).length <= room;
  const shown = isAll ? told : mostTelling(told, room - 1, moment);
  const left = told.length - shown.length;
  const more = `  and ${left} more that tell less: kvdal diagram has everything`;
  return ["What happened:", ...shown.flatMap(({ lines }) => lines), ...(left > 0 ? [more] : [])];
}

type What = Pick<Explanation, "happened" | "unavoidable">;
type Told = { readonly happening: Happening; readonly lines: readonly string[] };

/** As many as there is room for. */
function mostTelling(told: readonly Told[], room: number, moment: Micros): readonly Told[] {
  const far = ({ at }: Happening): Micros => Math.abs(at - moment);
  const ranked = told
    .filter(({ happening }) => happening.weight > 0)
    .toSorted(({ happening: a }, { happening: b }) => b.weight - a.weight || far(a) - far(b));
  const shown = new Set<Told>();
  let left = room;
  for (const each of ranked) {
    if (each.lines.length > left) break;
    left -= each.lines.length;
    shown.add(each);
  }
  return told.filter((each) => shown.has(each));
}

function linesOf({ at, until, who, what, said }: Happening): readonly string[] {
  const when = until === undefined ? `${at / 1_000} ms` : `${at / 1_000}-${until / 1_000} ms`;
  const came = said === "" ? "" : `: ${said}`;
  const text = sinceBeginning(`${what}${came}`.replaceAll(OWN_VERSION, ""));
  const lines = wrapped(`  ${when}, ${who}: `, text, "      ");
  if (lines.length <= LINES_EACH) return lines;
  return [...lines.slice(0, LINES_EACH - 1), `${lines[LINES_EACH - 1]} …`];
}
