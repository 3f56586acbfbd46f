/** From the text of a campaign's file to what it says, or to its flaw. */
import { countOf, turnsOf } from "../campaign/asked.ts";
import { type CampaignState, freshState, STATE_FORM, withPart } from "../campaign/state.ts";
import { readLines } from "./state-lines.ts";

/** What the text of a file says, and how many characters of it; or why it says nothing. */
export type StateReading =
  | { readonly state: CampaignState; readonly length: number }
  | { readonly flaw: string };

/**
 * Reads the text of a file. Its last line may have been cut short by the end of the process that wrote it, and is left
 * out.
 */
export function readState(text: string): StateReading {
  const length = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, length).split("\n").slice(0, -1);
  const read = readLines(lines, STATE_FORM);
  if ("flaw" in read) return read;
  const { asked, parts } = read;
  const state = parts.reduce(withPart, freshState(asked));
  const told = countOf(parts.flatMap(({ done }) => done));
  if (told > countOf(state.done)) {
    return { flaw: "some worlds stand in it twice, as where two commands wrote to it at once" };
  }
  if (state.done.some(({ from, count }) => from + count > turnsOf(asked))) {
    return { flaw: "it has more worlds than were asked" };
  }
  return { state, length };
}
