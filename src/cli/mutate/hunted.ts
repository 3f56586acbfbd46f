/** What became of one machine-made mutant. */
import type { MachineMutant } from "./machine-mutant.ts";
import type { KindName } from "./worlds.ts";

/**
 * What killed it: an `oracle`, or the measure of a workload; the world's `silence`, which stopped or left a question
 * unanswered; an `exception` that left the code under test, or ended the process; a `time-out`, as of a loop without end.
 */
export type Killer = "oracle" | "silence" | "exception" | "time-out";

/** The line that is kept. */
export type Hunted = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly was: string;
  readonly becomes: string;
  /** `not covered`: no world executes its place. */
  readonly status: "killed" | "survived" | "not covered";
  readonly by: Killer | null;
  readonly rule: string | null;
  readonly kind: KindName | null;
  readonly seed: number | null;
  /** Worlds that were run with it; all of them execute its place. */
  readonly worlds: number;
};

/** What decides over it, beside the mutant itself. */
export type Fate = Pick<Hunted, "status" | "by" | "rule" | "kind" | "seed" | "worlds">;

/** Longest part of a source text that is kept. */
const TEXT_MAX = 160;

/** The line. */
export function huntedOf(
  { name, file, line, operator, was, becomes }: MachineMutant,
  fate: Fate,
): Hunted {
  return { name, file, line, operator, was: short(was), becomes: short(becomes), ...fate };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= TEXT_MAX ? line : `${line.slice(0, TEXT_MAX)} …`;
}
