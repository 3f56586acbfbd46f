/**
 * Rules that neither a case nor an oracle holds anybody to, each with its reason. A rule that gets one leaves the
 * list, and the list must not grow: test/conformance/rules.test.ts counts it.
 */

const NO_LISTS =
  "There are puts and deletes of one record only; there are no lists of mutations yet.";

/** Rule id to a sentence that says why nothing tests it. */
export const UNTESTED: Readonly<Record<string, string>> = {
  "SIG-4": "Client and server are of one release here; nothing yet carries them between two.",
  "MUT-1": NO_LISTS,
  "MUT-2": NO_LISTS,
  "MUT-3": NO_LISTS,
};
