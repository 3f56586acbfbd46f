/** What failed in a campaign, on its page: a row a rule, with a few worlds of each, and the others folded away. */
import type { Failure } from "../campaign/failure.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { sinceBeginning } from "../words/clock-words.ts";
import { number, repeatLine, worlds } from "./figures.ts";
import { type FailureGroup, groupsOf } from "./groups.ts";
import { escaped } from "./markup.ts";
import { NEXT_HEAD, nextLines, stepsAfter } from "./next.ts";

/** Worlds of a rule that are there at once. */
const SHOWN = 2;
/** Worlds of a rule that are there to be unfolded. */
const FOLDED = 100;

/** Nothing where no world failed. */
export function failureSection(result: CampaignResult): string {
  const groups = groupsOf(result);
  if (groups.length === 0) return "";
  const next = nextLines(stepsAfter(result)).map((line) => line.slice(NEXT_HEAD.length));
  return `<h2>Failures</h2>
<table><tr><th>rule<th>kind<th class="n">worlds<th>what was found, and how to repeat it
${groups.map((group) => groupRow(result, group)).join("\n")}</table>
<p>Next:<pre>${escaped(next.join("\n"))}</pre>`;
}

function groupRow(result: CampaignResult, { rule, kind, failures }: FailureGroup): string {
  const shown = failures.slice(0, SHOWN).map((failure) => one(result, failure));
  return `<tr><td><b class="bad">${escaped(rule)}</b><td>${kind}<td class="n">${number(failures.length)}
<td>${shown.join("\n")}${folded(result, failures.slice(SHOWN))}`;
}

function one(result: CampaignResult, failure: Failure): string {
  const file = result.kept.get(failure.seed);
  const kept = file === undefined ? "" : `<br>kept: <code>${escaped(file)}</code>`;
  return `<p>Seed ${failure.seed}: ${escaped(sinceBeginning(failure.what))}
<br>repeat: <code>${escaped(repeatLine(result, failure))}</code>${kept}</p>`;
}

function folded(result: CampaignResult, failures: readonly Failure[]): string {
  if (failures.length === 0) return "";
  const left = failures.length - FOLDED;
  const end = left > 0 ? `<p>${worlds(left)} more: in the JSON.</p>` : "";
  const rows = failures.slice(0, FOLDED).map((failure) => one(result, failure));
  return `<details><summary>and ${number(failures.length)} more</summary>
${rows.join("\n")}${end}</details>`;
}
