/** Script of the page, last part: moving, filtering, the chain step by step, keys. */
export const SCRIPT_CONTROLS: string = String.raw`
const byId = (id) => document.getElementById(id);
function look(from, until) {
  const span = Math.max(SPAN_MIN, Math.min(shownEnd, until - from));
  const middle = (from + until) / 2;
  state.from = Math.max(0, Math.min(shownEnd - span, middle - span / 2));
  state.until = state.from + span;
  tip.hidden = true;
  draw();
}
function lookAtTimes(first, last) {
  const [a, b] = [shownAt(first), shownAt(last)];
  const margin = Math.max(150, (b - a) * 0.06);
  look(a - margin, b + margin);
}
function zoom(factor, x) {
  const at = state.from + ((x - LEFT) / (size.width - LEFT)) * (state.until - state.from);
  const span = Math.max(SPAN_MIN, Math.min(shownEnd, (state.until - state.from) * factor));
  const share = (at - state.from) / (state.until - state.from);
  state.from = Math.max(0, Math.min(shownEnd - span, at - share * span));
  state.until = state.from + span;
  tip.hidden = true;
  draw();
}
const pan = (share) => { const by = share * (state.until - state.from); look(state.from + by, state.until + by); };
const wholeChain = () => { if (D.chain.length > 0) lookAtTimes(events[D.chain[0]].at, D.violationAt); };
function violation() {
  if (D.violationAt === null) return;
  const named = [...operations.values()].filter(({ isNamed }) => isNamed);
  const last = named.reduce((a, b) => ((b.ended || b.begun) >= (a.ended || a.begun) ? b : a));
  lookAtTimes(last.begun, D.violationAt);
}
const everything = () => look(0, shownEnd);

/* The chain as a list, and one step of it at a time. */
const story = byId("story");
D.story.forEach((step, i) => {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.className = step.tone + (step.isNamed ? " named" : "");
  const [time, text] = [document.createElement("time"), document.createElement("span")];
  time.textContent = (events[step.event].at / 1000).toFixed(3);
  text.textContent = step.text;
  button.append(time, text);
  button.addEventListener("click", () => goTo(i));
  if (step.isNamed) item.className = "of-named";
  item.append(button);
  story.append(item);
});
if (D.story.length === 0) {
  const note = document.createElement("p");
  note.textContent = D.violationAt === null && document.querySelector(".broken") === null
    ? "No rule was broken, so there is no chain to follow. Click on anything to light what it depended on."
    : "The verdict names no operation. Click on anything to light what it depended on.";
  story.append(note);
}
function goTo(i) {
  if (D.story.length === 0) return;
  const old = story.querySelector("[aria-current]");
  if (old) old.removeAttribute("aria-current");
  state.step = Math.max(0, Math.min(D.story.length - 1, i));
  const button = story.children[state.step].firstChild;
  button.setAttribute("aria-current", "true");
  button.scrollIntoView({ block: "nearest" });
  const event = events[D.story[state.step].event];
  state.pinned = { event: event.i };
  state.lit = null;
  show(details, event.msg >= 0 ? { message: messages[event.msg], copy: 0 } : state.pinned);
  const shown = shownAt(event.at);
  const span = state.until - state.from;
  if (shown < state.from + span * 0.05 || shown > state.until - span * 0.05) look(shown - span / 2, shown + span / 2);
  else draw();
}

/* Pointer. */
let drag = null;
canvas.addEventListener("pointerdown", (event) => {
  drag = { x: event.offsetX, from: state.from, moved: false };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  if (!drag) { hover(event.offsetX, event.offsetY); return; }
  const by = event.offsetX - drag.x;
  if (Math.abs(by) > 3) { drag.moved = true; canvas.classList.add("moving"); }
  if (!drag.moved) return;
  const span = state.until - state.from;
  const from = drag.from - (by / (size.width - LEFT)) * span;
  look(from, from + span);
});
canvas.addEventListener("pointerup", (event) => {
  if (drag && !drag.moved) pin(thingAt(event.offsetX, event.offsetY));
  drag = null;
  canvas.classList.remove("moving");
});
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan((event.deltaX || event.deltaY) / 1200);
  else zoom(Math.exp(event.deltaY / 500), event.offsetX);
}, { passive: false });
canvas.addEventListener("dblclick", (event) => zoom(0.4, event.offsetX));
const jump = (event) => {
  const at = (event.offsetX / overview.clientWidth) * shownEnd;
  const half = (state.until - state.from) / 2;
  look(at - half, at + half);
};
overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); jump(event); });
overview.addEventListener("pointermove", (event) => { if (event.buttons > 0) jump(event); });

/* Buttons, filters and keys. */
const middle = () => LEFT + (size.width - LEFT) / 2;
const actions = {
  violation, "whole-chain": wholeChain, fit: everything, left: () => pan(-0.25), right: () => pan(0.25),
  in: () => zoom(0.6, middle()), out: () => zoom(1 / 0.6, middle()),
  previous: () => goTo(state.step - 1), next: () => goTo(state.step + 1),
  theme: () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    readColors();
    legend();
    draw();
  },
};
for (const [id, act] of Object.entries(actions)) byId(id).addEventListener("click", act);
for (const id of ["violation", "whole-chain", "previous", "next", "only-chain"]) byId(id).disabled = D.chain.length === 0;
function option(select, value, text) {
  const choice = document.createElement("option");
  choice.value = value;
  choice.textContent = text;
  byId(select).append(choice);
}
for (let record = 0; record < D.records; record += 1) option("record", record, String(record));
D.keys.forEach((key, i) => option("key", i, "k" + i + " " + (key.length > 18 ? key.slice(0, 17) + "…" : key)));
byId("record").addEventListener("change", (event) => { state.record = event.target.value; draw(); });
byId("key").addEventListener("change", (event) => { state.key = event.target.value; draw(); });
byId("operation").addEventListener("input", (event) => {
  state.operation = event.target.value.replace("#", "").trim();
  const operation = operations.get(Number(state.operation));
  if (operation) lookAtTimes(operation.begun, operation.ended === undefined ? operation.begun + 2000 : operation.ended);
  else draw();
});
byId("story-named").addEventListener("change", (event) => story.classList.toggle("short", event.target.checked));
byId("only-named").hidden = D.story.every(({ isNamed }) => isNamed);
byId("only-chain").addEventListener("change", (event) => { state.onlyChain = event.target.checked; state.lit = null; draw(); });
const keys = {
  ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", ArrowUp: "in", "-": "out", ArrowDown: "out",
  v: "violation", c: "whole-chain", f: "fit", n: "next", p: "previous",
};
document.addEventListener("keydown", (event) => {
  const inField = /INPUT|SELECT/.test(event.target.tagName);
  if (event.key === "Escape") { pin(null); event.target.blur(); return; }
  if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); byId("operation").focus(); return; }
  const id = keys[event.key];
  if (!id || byId(id).disabled) return;
  if (event.key.startsWith("Arrow") && event.target !== canvas && event.target !== document.body) return;
  event.preventDefault();
  actions[id]();
});

/* What the strokes mean. */
function legend() {
  const stroke = (color, extra, dash) => '<svg width="44" height="14"><line x1="2" y1="7" x2="34" y2="7" stroke="' + colors[color] + '" stroke-width="2" stroke-dasharray="' + (dash || "") + '"/>' + extra + "</svg>";
  const arrow = (color) => '<path d="M34 3l8 4-8 4z" fill="' + colors[color] + '"/>';
  const x = (color) => '<path d="M34 3l8 8m0-8l-8 8" stroke="' + colors[color] + '" stroke-width="2"/>';
  const box = (fill, edge, dash) => '<svg width="44" height="14"><rect x="2" y="1" width="38" height="12" fill="' + colors[fill] + '" stroke="' + colors[edge] + '" stroke-dasharray="' + (dash || "") + '"/></svg>';
  const rows = [
    [stroke("chain", arrow("chain")), "causal chain: the verdict’s operations and what they depended on"],
    [stroke("request", arrow("request")), "between client and server"], [stroke("engine", arrow("engine")), "between server and replica or cache"],
    [stroke("lost", x("lost"), "6 4"), "lost by the network"], [stroke("cut", '<path d="M37 1v12" stroke="' + colors.cut + '" stroke-width="3"/>', "2 3"), "cut off by a partition"],
    [stroke("down", x("down"), "8 3 2 3"), "arrives while nobody is there"], [stroke("late", arrow("late")), "late"], [stroke("double", arrow("double"), "2 4"), "second copy of a doubled message"],
    [box("ok-soft", "ok"), "operation that was answered"], [box("bad-soft", "bad"), "failed: not applied"], [box("unknown-soft", "unknown", "4 3"), "unknown: perhaps applied"], [box("chain-soft", "chain"), "named by the verdict"],
    [box("call", "call"), "a server’s call to its engine"], ['<svg width="44" height="14"><path d="M20 1l6 6-6 6-6-6z" fill="' + colors.engine + '"/></svg>', "a replica stores a write"],
    ['<svg width="44" height="14"><path d="M15 2l10 10m0-10l-10 10" stroke="' + colors.lost + '" stroke-width="3"/></svg>', "a crash takes a write that was not on disk"],
    ['<svg width="44" height="14"><path d="M20 1v12m-6-6h12m-10-4l8 8m0-8l-8 8" stroke="' + colors.bad + '" stroke-width="2"/></svg>', "an amplification point fires"],
    [box("crash", "soft"), "down"], [box("fault", "cut"), "partition, or trouble with the cache"],
  ];
  byId("legend").innerHTML = rows.map(([mark, text]) => mark + "<span>" + text + "</span>").join("") +
    "<span></span><span>Drag or ← → to move, wheel or + − to zoom, v violation, c chain, f everything, n p steps, / operation, Esc lets go.</span>";
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColors(); legend(); draw(); });
new ResizeObserver(draw).observe(byId("picture"));
readColors();
legend();
const healed = D.marks.find(({ text }) => text === "healed");
paint();
if (D.chain.length > 0) wholeChain();
else if (healed && document.querySelector(".broken") === null) lookAtTimes(0, healed.at);
else everything();
`;
