/** What a campaign came to, as one page that needs nothing else: no script, no network. */
import type { Failure } from "../campaign/failure.ts";
import { type Cell, countCells, coverageOf } from "../campaign/coverage.ts";
import type { CampaignResult } from "../campaign/result.ts";
import { printOf } from "../campaign/sums.ts";
import { ORACLES } from "../check/oracles.ts";
import { FAULT_KINDS, FAULT_WORDS, type FaultKind } from "../faults/kinds.ts";
import { type Verb, VERBS } from "../world/touches.ts";
import { cellsOf, TOUCH_MEANING } from "./coverage.ts";
import {
  cpuSeconds,
  failuresOf,
  flawText,
  number,
  otherFlaws,
  percent,
  seedRange,
  worlds,
} from "./figures.ts";
import { failureSection } from "./html-failures.ts";
import { escaped } from "./markup.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** The page. */
export function summaryHtml(result: CampaignResult): string {
  const failures = failuresOf(result);
  const others = otherFlaws(result);
  const isGood = failures.length + others.length === 0;
  const title = `kvdal sim: ${verdict(result, failures)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
<h1><span class="${isGood ? "good" : "bad"}">${verdict(result, failures)}</span></h1>
<p class="lead">${lead(result)}</p>
${others.map((flaw) => `<pre class="bad">${escaped(flawText(flaw))}</pre>`).join("\n")}
${failureSection(result)}
<h2>Rates</h2>
${figures(result)}
<h2>Coverage</h2>
${matrix(result)}
<h2>Checked</h2>
${checked(failures)}
</html>
`;
}

function verdict(result: CampaignResult, failures: readonly Failure[]): string {
  const cut = result.end === "interrupted" ? " until it was stopped" : "";
  if (failures.length === 0 && otherFlaws(result).length > 0) return `Not all is well${cut}`;
  if (failures.length === 0) return `No rule was broken${cut}`;
  return `${worlds(failures.length)} failed${cut}`;
}

function lead({ asked, sums, lastSeed }: CampaignResult): string {
  const { counts } = sums;
  const cache =
    asked.cacheEngine === null ? "" : `, behind the ${escaped(asked.cacheEngine)} cache`;
  const faults = asked.faults === null ? "all kinds" : asked.faults.join(", ") || "none";
  const share = asked.shard.of === 1 ? "" : `, shard ${asked.shard.index + 1} of ${asked.shard.of}`;
  return (
    `${worlds(counts.worlds)} over the ${escaped(asked.engine)} engine${cache}, ` +
    `${seedRange(asked.firstSeed, lastSeed)}${share}; faults: ${faults}. Fingerprint <code>${printOf(sums)}</code>.`
  );
}

function figures({ sums, millis }: CampaignResult): string {
  const { counts, cache } = sums;
  const seconds = cpuSeconds(sums);
  const rate = (count: number): string => `${number(Math.round(count / seconds))} a CPU-second`;
  const asks = cache.hits + cache.misses;
  const rows: readonly (readonly [string, number, string])[] = [
    ["client calls", counts.operations, rate(counts.operations)],
    ["answered", counts.succeeded, percent(counts.succeeded, counts.operations)],
    ["left unknown", counts.unknown, percent(counts.unknown, counts.operations)],
    ["events", counts.events, rate(counts.events)],
    ["messages", counts.messages, rate(counts.messages)],
    ["lost", counts.lost, percent(counts.lost, counts.messages)],
    ["cut off", counts.cut, percent(counts.cut, counts.messages)],
    ["doubled", counts.duplicated, percent(counts.duplicated, counts.messages)],
    ["held up", counts.delayed, percent(counts.delayed, counts.messages)],
    ["crashes", counts.crashes, ""],
    ["worlds with a cache", counts.cachedWorlds, percent(counts.cachedWorlds, counts.worlds)],
    ["worlds of two regions", counts.regionWorlds, percent(counts.regionWorlds, counts.worlds)],
    ["questions that it answered", cache.hits, percent(cache.hits, asks)],
    ["worlds run twice, equal", counts.repeated, ""],
    ["runs that prove nothing", counts.inconclusive, ""],
  ];
  const cells = rows.map(
    ([name, count, rate]) => `<tr><td>${name}<td class="n">${number(count)}<td class="n">${rate}`,
  );
  return `<p>${seconds.toFixed(1)} CPU-seconds in ${(millis / 1000).toFixed(1)} s; virtual time
${number(Math.round(counts.virtualMicros / 1e6 / seconds))} times as fast.
<table>${cells.join("\n")}</table>`;
}

function matrix(result: CampaignResult): string {
  const cells = coverageOf(result);
  const { hit, possible } = countCells(cells);
  const rows = FAULT_KINDS.map(
    (fault) => `<tr><th title="${escaped(FAULT_WORDS[fault])}">${fault}
${VERBS.map((verb) => `<td>${outcomes(cells, fault, verb)}`).join("")}`,
  );
  const reasons = new Set(cells.flatMap(({ impossible }) => impossible ?? []));
  return `<p>${hit} of ${possible} cells of fault, verb and outcome. In each: calls answered, failed, of unknown outcome;
<i class="missed">0</i> not met, <i class="never">–</i> impossible: ${escaped([...reasons].join("; "))}. ${TOUCH_MEANING}
<table class="matrix"><tr><th>${VERBS.map((verb) => `<th>${verb}`).join("")}
${rows.join("\n")}</table>`;
}

function outcomes(cells: readonly Cell[], fault: FaultKind, verb: Verb): string {
  return cellsOf(cells, fault, verb)
    .map(({ outcome, count, impossible }) => {
      const title = escaped(impossible ?? outcome);
      if (impossible !== undefined && count === 0) return `<i class="never" title="${title}">–</i>`;
      const kind = impossible === undefined ? (count === 0 ? "missed" : outcome) : "wrong";
      return `<i class="${kind}" title="${title}">${short(count)}</i>`;
    })
    .join("");
}

/** At most four characters. */
function short(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1e6 ? `${Math.floor(count / 1e3)}k` : `${Math.floor(count / 1e6)}M`;
}

function checked(failures: readonly Failure[]): string {
  const broken = new Set(failures.flatMap(({ rule, also }) => [rule, ...also]));
  const rows = ORACLES.map(({ name, rules }) => {
    const each = rules.map((rule) => (broken.has(rule) ? `<b class="bad">${rule}</b>` : rule));
    return `<tr><th>${name}<td>${each.join(", ")}`;
  });
  return `<p>Every world is judged by all of them.<table>${rows.join("\n")}</table>`;
}
