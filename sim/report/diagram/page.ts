/** One HTML file that shows a world: a diagram of space and time, complete in itself and readable without any network. */
import type { Trace } from "../../trace/trace.ts";
import { pageData } from "./page-data.ts";
import { SCRIPT_CONTROLS } from "./script-controls.ts";
import { SCRIPT_DRAW } from "./script-draw.ts";
import { SCRIPT_HOVER } from "./script-hover.ts";
import { SCRIPT_MARKS } from "./script-marks.ts";
import { SCRIPT_STATE } from "./script-state.ts";
import { STYLE } from "./style.ts";
import { escaped } from "../markup.ts";

/** The whole page. */
export function diagramPage(trace: Trace): string {
  const script = [SCRIPT_STATE, SCRIPT_MARKS, SCRIPT_DRAW, SCRIPT_HOVER, SCRIPT_CONTROLS].join(
    "\n",
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(titleOf(trace))}</title>
<style>${STYLE}</style>
</head>
<body>
${headOf(trace)}
${TOOLBAR}
<main>
<section id="picture" aria-label="Diagram">
<canvas id="overview" aria-hidden="true"></canvas>
<canvas id="diagram" tabindex="0" role="application" aria-label="Space-time diagram. Arrow keys move, plus and minus zoom, n and p go through the causal chain; the list beside it says the same in words."></canvas>
<div id="tip" role="status" hidden></div>
</section>
<aside>
<h2 id="story-title">What happened</h2>
<label id="only-named"><input type="checkbox" id="story-named"> only steps of the verdict’s operations</label>
<ol id="story"></ol>
<h2>Details</h2>
<div id="details" aria-live="polite">Point at something, or click on it to keep it here and to light what it depended on.</div>
<details open><summary>Legend</summary><div id="legend"></div></details>
</aside>
</main>
<script type="application/json" id="data">${jsonForScript(pageData(trace))}</script>
<script>
"use strict";
${script}
</script>
</body>
</html>
`;
}

const TOOLBAR = `<nav aria-label="View">
<button id="violation" title="v">Violation</button><button id="whole-chain" title="c">Whole chain</button><button id="fit" title="f">Everything</button>
<span class="group"><button id="left" title="left arrow" aria-label="Earlier">◀</button><button id="right" title="right arrow" aria-label="Later">▶</button><button id="out" title="−" aria-label="Zoom out">−</button><button id="in" title="+" aria-label="Zoom in">+</button></span>
<span class="group"><button id="previous" title="p">Previous step</button><button id="next" title="n">Next step</button></span>
<span class="group"><label>record <select id="record"><option value="">all</option></select></label>
<label>key <select id="key"><option value="">all</option></select></label>
<label>operation <input id="operation" inputmode="numeric" size="6" placeholder="all" title="/"></label>
<label><input type="checkbox" id="only-chain"> chain only</label></span>
<span class="group"><button id="theme">Light or dark</button></span>
</nav>`;

function titleOf({ seed, world, verdict, mutant }: Trace): string {
  const planted = mutant === undefined ? "" : ` with ${mutant}`;
  return `${world ?? `Seed ${seed}`}${planted}: ${verdict === undefined ? "no rule broken" : `${verdict.rule} broken`}`;
}

function headOf(trace: Trace): string {
  const { verdict, operations, messages, fingerprint, events } = trace;
  const dropped = messages.filter(({ fate }) => fate !== "delivered").length;
  const facts = `${operations.length} operations, ${messages.length} messages (${dropped} never arrived), ${events.length} events, fingerprint ${fingerprint}`;
  const said =
    verdict === undefined
      ? `<p class="verdict sound">No oracle saw a broken rule.</p>`
      : `<p class="verdict broken"><b>${escaped(verdict.rule)}</b> ${escaped(verdict.what)}</p>`;
  const also =
    verdict === undefined || verdict.also.length === 0
      ? ""
      : ` Also broken: ${escaped([...new Set(verdict.also)].join(", "))}.`;
  return `<header><h1>${escaped(titleOf(trace))}</h1>${said}<p class="facts">${escaped(facts)}.${also}</p></header>`;
}

/** JSON that nothing in it can end the script element of. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", String.raw`\u003c`)
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);
}
