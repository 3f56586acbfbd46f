/** What the servers of a world have noted, together. */
import type { History } from "../check/history.ts";
import type { CallWatch } from "./call-watch.ts";

/** Server by server. */
export function serverHistory(
  servers: readonly { readonly watch: CallWatch }[],
): Pick<History, "calls" | "answers" | "refusals" | "failures" | "admissions"> {
  const watches = servers.map(({ watch }) => watch);
  return {
    calls: watches.flatMap(({ calls }) => calls),
    answers: watches.flatMap(({ answers }) => answers),
    refusals: watches.flatMap(({ refusals }) => refusals),
    failures: watches.flatMap(({ failures }) => failures),
    admissions: watches.flatMap(({ admissions }) => admissions),
  };
}
