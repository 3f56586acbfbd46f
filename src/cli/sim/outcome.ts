/** How a campaign's end becomes the program's. */
import { type CampaignResult, type FailureKind, gravest, provesTooLittle } from "kvdal/sim";
import {
  EXIT_CRASH,
  EXIT_DETERMINISM,
  EXIT_FAILED,
  EXIT_INCONCLUSIVE,
  EXIT_INTERRUPTED,
  EXIT_LIVENESS,
} from "../exit.ts";

const CODES: Readonly<Record<FailureKind, number>> = {
  determinism: EXIT_DETERMINISM,
  crash: EXIT_CRASH,
  violation: EXIT_FAILED,
  liveness: EXIT_LIVENESS,
};

/** The table of `--help`. */
export const EXIT_CODES = `
Exit codes, of several the one that stands first: 6 two runs of a world differ, 5 something threw in a world or ended
its process, 1 a rule was broken, 4 a world stopped or did not answer once it was sound, 7 a real engine failed by itself
and spoilt more runs than one for a hundred worlds, 130 interrupted, 0 none of these. 2 wrong usage, 3 the engine is not
available.`;

/** The exit code: of the gravest failure, where there is one; a kept plan may have broken a rule. */
export function exitCodeOf(result: CampaignResult): number {
  const { sums, end, corpus } = result;
  const kept = (corpus?.failing ?? []).map(() => "violation" as const);
  const kind = gravest([...sums.failures.map((failure) => failure.kind), ...kept]);
  if (kind !== undefined) return CODES[kind];
  if (provesTooLittle(result)) return EXIT_INCONCLUSIVE;
  return end === "interrupted" ? EXIT_INTERRUPTED : 0;
}
