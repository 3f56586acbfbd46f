/**
 * Rules that neither a case nor an oracle holds anybody to, each with its reason. A rule that gets one leaves the
 * list, and the list must not grow: test/conformance/rules.test.ts counts it.
 */

/** Rule id to a sentence that says why nothing tests it. */
export const UNTESTED: Readonly<Record<string, string>> = {
  "SIG-4": "Client and server are of one release here; nothing yet carries them between two.",
};
