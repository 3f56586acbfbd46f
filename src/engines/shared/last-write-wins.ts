/** The compare of engines that do not elect the highest version by themselves. */
import { compareVersions, type Version } from "../../model/version.ts";
import type { MutationOutcome } from "../../ports/storage-engine.ts";

/** What to do with an arriving write: store it, or answer without storing. */
export type Election =
  | { readonly kind: "store" }
  | { readonly kind: "answer"; readonly outcome: MutationOutcome };

const STORE: Election = { kind: "store" };
const REPEATED: Election = { kind: "answer", outcome: { kind: "applied" } };
const SUPERSEDED: Election = { kind: "answer", outcome: { kind: "superseded" } };

/** Whether the version that arrives takes the place of the one that is there. */
export function isNewer(arriving: Version, present: Version): boolean {
  return compareVersions(arriving, present) > 0;
}

/** Elects between the version that is there and the one that arrives (TOK-4, TOK-5). */
export function elect(present: Version | undefined, arriving: Version): Election {
  if (present === undefined) return STORE;
  if (isNewer(arriving, present)) return STORE;
  return compareVersions(arriving, present) === 0 ? REPEATED : SUPERSEDED;
}
