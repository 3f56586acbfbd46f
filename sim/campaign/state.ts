/** A campaign as it is kept in a file: a line of what was asked, then a line for each part of it that was done. */
import { type Asked, countOf, joined, seedAt, type TurnRange, turnsOf } from "./asked.ts";
import type { CampaignEnd, CampaignResult } from "./result.ts";
import { addSums, noSums, type Sums } from "./sums.ts";

/** Turns that were done, in the time since the part before. */
export type Part = {
  readonly done: readonly TurnRange[];
  readonly millis: number;
  readonly sums: Sums;
};

/** What is known of a campaign: what was asked, and all that was done. */
export type CampaignState = {
  readonly asked: Asked;
  readonly done: readonly TurnRange[];
  readonly millis: number;
  readonly sums: Sums;
};

/** Of lines in another form nothing can be said. */
export const STATE_FORM = "kvdal campaign 1";

/** The first line of a file. */
export function askedLine(asked: Asked): string {
  return `${JSON.stringify({ form: STATE_FORM, asked })}\n`;
}

/** Any other line. */
export function partLine(part: Part): string {
  return `${JSON.stringify(part)}\n`;
}

/** Nothing of it has been done. */
export function freshState(asked: Asked): CampaignState {
  return { asked, done: [], millis: 0, sums: noSums() };
}

/** With one part more. */
export function withPart(state: CampaignState, { done, millis, sums }: Part): CampaignState {
  addSums(state.sums, sums);
  return { ...state, done: joined([...state.done, ...done]), millis: state.millis + millis };
}

/** In which points what was asked for differs, in words; empty where it does not. */
export function differences(found: Asked, wanted: Asked): readonly string[] {
  const names = Object.keys(wanted) as (keyof Asked)[];
  const text = (asked: Asked, name: keyof Asked): string => valueWords(asked[name]);
  return names
    .filter((name) => text(found, name) !== text(wanted, name))
    .map((name) => `${name} is ${text(found, name)} there, ${text(wanted, name)} was wanted`);
}

/** Shards as on the command line, of which a merge compares the count alone. */
function valueWords(value: unknown): string {
  if (typeof value !== "object" || value === null || !("of" in value)) return JSON.stringify(value);
  const { index, of } = value as { readonly index?: number; readonly of: number };
  return index === undefined ? `one of ${of}` : `${index + 1}/${of}`;
}

/** Whether everything was done that was asked for; of a campaign that had a time, whether that was used up. */
export function isComplete({ asked, done, millis }: CampaignState): boolean {
  if (asked.forMillis !== null && millis >= asked.forMillis) return true;
  return countOf(done) === turnsOf(asked);
}

/** What only whoever shows a result knows. */
export const NOT_KNOWN: Pick<CampaignResult, "kept" | "program"> = {
  kept: new Map(),
  program: "kvdal",
};

/** What the campaign has come to so far. */
export function resultOf(state: CampaignState, end: CampaignEnd): CampaignResult {
  const { asked, done, millis, sums } = state;
  const turns = Math.max(1, ...done.map(({ from, count }) => from + count));
  return { asked, sums, millis, lastSeed: seedAt(asked, turns - 1), end, ...NOT_KNOWN };
}
