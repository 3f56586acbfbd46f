/** How the page of a campaign looks, by day and by night. */

/** The style sheet. */
export const PAGE_STYLE: string = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #cf222e; --faint: #888a; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; } }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
.lead { font-size: 1rem; margin-top: 0; }
code { font: .92em ui-monospace, monospace; background: var(--soft); padding: .1em .35em; border-radius: 4px; }
table { border-collapse: collapse; } th { text-align: left; font-weight: 600; }
td, th { padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td p { margin: 0 0 .5rem; } td code, td p { overflow-wrap: anywhere; } summary { cursor: pointer; }
pre { overflow-x: auto; font: .92em/1.5 ui-monospace, monospace; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
.matrix { font-size: 12px; } .matrix td { white-space: nowrap; padding-right: .5rem; } .matrix th { font-weight: 500; }
.matrix i { font-style: normal; display: inline-block; min-width: 2.6em; text-align: right; padding: 0 .2em;
  font-variant-numeric: tabular-nums; border-radius: 3px; }
.answered { background: #2da44e33; } .failed { background: #bf870033; } .unknown { background: #8250df33; }
.missed { color: var(--bad); outline: 1px dotted var(--bad); outline-offset: -1px; } .never { color: var(--faint); }
.wrong { background: var(--bad); color: #fff; }
`;
