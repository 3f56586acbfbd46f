/** The style of the page: colours that are told apart without red and green, in light and dark. */
export const STYLE = `
:root{color-scheme:light;--bg:#fff;--panel:#f6f7f9;--ink:#1a1d21;--soft:#5c6570;--line:#c9d0d8;--lane:#e4e8ec;--band:#fafbfc;
--request:#2b6cb0;--engine:#5a7a8c;--lost:#c53030;--cut:#c05621;--down:#7a4b8b;--late:#946200;--double:#6b46c1;
--chain:#d6007a;--chain-soft:#f9cfe6;--ok:#2f7d5b;--ok-soft:#cfeadd;--bad:#c53030;--bad-soft:#f6cccc;--unknown:#946200;--unknown-soft:#f3e2b8;
--fault:rgba(192,86,33,.16);--crash:rgba(70,75,85,.30);--call:rgba(43,108,176,.22);--halo:rgba(255,255,255,.88)}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--bg:#14171b;--panel:#1c2127;--ink:#e6eaee;--soft:#9aa5b1;--line:#3a434d;--lane:#262d34;--band:#181c21;
--request:#6aaef2;--engine:#8fb0c2;--lost:#ff7a7a;--cut:#ff9d5c;--down:#c79be0;--late:#e6b94d;--double:#b39bff;
--chain:#ff5cb3;--chain-soft:#6b1f4b;--ok:#5cc798;--ok-soft:#1d4534;--bad:#ff7a7a;--bad-soft:#5a2323;--unknown:#e6b94d;--unknown-soft:#4d3d14;
--fault:rgba(255,157,92,.16);--crash:rgba(190,200,215,.24);--call:rgba(106,174,242,.24);--halo:rgba(20,23,27,.86)}}
:root[data-theme=dark]{color-scheme:dark;--bg:#14171b;--panel:#1c2127;--ink:#e6eaee;--soft:#9aa5b1;--line:#3a434d;--lane:#262d34;--band:#181c21;
--request:#6aaef2;--engine:#8fb0c2;--lost:#ff7a7a;--cut:#ff9d5c;--down:#c79be0;--late:#e6b94d;--double:#b39bff;
--chain:#ff5cb3;--chain-soft:#6b1f4b;--ok:#5cc798;--ok-soft:#1d4534;--bad:#ff7a7a;--bad-soft:#5a2323;--unknown:#e6b94d;--unknown-soft:#4d3d14;
--fault:rgba(255,157,92,.16);--crash:rgba(190,200,215,.24);--call:rgba(106,174,242,.24);--halo:rgba(20,23,27,.86)}
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;background:var(--bg);color:var(--ink);font:14px/1.4 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
header{padding:8px 14px 4px}
h1{font-size:17px;margin:0}
h2{font-size:13px;margin:10px 0 4px;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
.verdict{margin:4px 0;padding:5px 10px;border-left:4px solid var(--ok);background:var(--ok-soft);border-radius:3px}
.verdict.broken{border-color:var(--chain);background:var(--chain-soft)}
.facts{margin:0;color:var(--soft);font-size:12.5px}
nav{display:flex;flex-wrap:wrap;gap:6px 14px;padding:6px 14px;align-items:center;border-bottom:1px solid var(--line)}
.group{display:inline-flex;gap:6px;align-items:center;flex-wrap:wrap}
button,select,input{font:inherit;font-size:13px;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:5px;padding:3px 9px}
button{cursor:pointer}
button:hover{border-color:var(--soft)}
button:disabled{opacity:.45;cursor:default}
#violation,#whole-chain{border-color:var(--chain);font-weight:600}
:focus-visible{outline:2px solid var(--request);outline-offset:1px}
main{flex:1;min-height:0;display:grid;grid-template-columns:minmax(0,1fr) 370px}
#picture{position:relative;min-width:0;display:flex;flex-direction:column;overflow:hidden}
canvas{display:block;width:100%}
#overview{height:34px;cursor:pointer;border-bottom:1px solid var(--line)}
#diagram{flex:1;min-height:0;cursor:grab;touch-action:none}
#diagram.moving{cursor:grabbing}
aside{border-left:1px solid var(--line);background:var(--panel);padding:0 12px 12px;overflow:auto;display:flex;flex-direction:column;min-height:0}
#story{margin:0;padding:0;list-style:none;flex:1 0 300px;overflow:auto;border:1px solid var(--line);border-radius:5px;background:var(--bg)}
#story button{display:flex;gap:8px;width:100%;text-align:left;border:0;border-radius:0;background:none;padding:3px 8px;border-left:4px solid transparent;overflow-wrap:anywhere}
#story button:hover{background:var(--panel)}
#story button[aria-current=true]{background:var(--chain-soft)}
#story .named{border-left-color:var(--chain)}
#story time{flex:0 0 62px;color:var(--soft);font-variant-numeric:tabular-nums;font-size:12px;padding-top:1px;text-align:right}
#story .bad span{color:var(--bad);font-weight:600}
#story .begin span,#story .end span{font-weight:600}
#story.short li:not(.of-named){display:none}
#only-named{font-size:12.5px;color:var(--soft);margin-bottom:4px}
#story p{margin:8px;color:var(--soft)}
#details{flex:0 0 auto;max-height:210px;overflow:auto;overflow-wrap:anywhere;font-size:13px}
#details dl,#tip dl{display:grid;grid-template-columns:auto 1fr;gap:1px 10px;margin:4px 0 0}
dt{color:var(--soft)}
dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
#tip{position:absolute;z-index:2;max-width:430px;pointer-events:none;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:7px 10px;font-size:13px;box-shadow:0 3px 12px rgba(0,0,0,.25)}
details{margin-top:8px;font-size:12.5px;color:var(--soft)}
#legend{display:grid;grid-template-columns:44px 1fr;gap:2px 8px;align-items:center;margin-top:4px}
#legend svg{display:block}
@media (max-width:900px){main{grid-template-columns:1fr;grid-template-rows:minmax(420px,1fr) auto}aside{border-left:0;max-height:60vh}}
@media print{nav,#overview{display:none}}
`;
