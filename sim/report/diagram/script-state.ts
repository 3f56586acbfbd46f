/** Script of the page, first part: the data, the view on it, and where things lie. Plain JavaScript for any browser. */
export const SCRIPT_STATE: string = String.raw`
const D = JSON.parse(document.getElementById("data").textContent);
const events = D.events.map(([at, node, kind, op, msg, text, label, record, keys, wall, mono, causes], i) => ({
  i, at, node, kind, op, msg, text: D.texts[text], label: D.texts[label], record, keys, wall: D.wallOrigin + at + wall, mono: at + mono, causes,
}));
const messages = D.messages.map(([from, to, sent, leaves, fate, late, op, text, copies], i) => ({
  i, from, to, sent: events[sent], leaves, fate, late: late === 1, op, text: D.texts[text],
  copies: copies.map(([arrives, event]) => ({ arrives, event })),
}));
const calls = D.calls.map(([node, begun, ended, outcome, op, text, row, by, said]) => ({
  node, begun, ended, outcome, op, text: D.texts[text], row, by: D.texts[by], said: D.texts[said],
}));
const operations = new Map(D.operations.map((operation) => [operation.operation, operation]));
const chain = new Set(D.chain);
const namedOperations = new Set();
for (const { operation, isNamed, writes } of D.operations) if (isNamed) for (const n of [operation, ...writes]) namedOperations.add(n);
const chainMessages = new Set();
for (const i of chain) if (events[i].msg >= 0) chainMessages.add(events[i].msg);

/* Time: "shown" is virtual time with the empty stretches squeezed. */
function between(knots, value, from, to) {
  let low = 0, high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle][from] <= value) low = middle; else high = middle;
  }
  const a = knots[low], b = knots[high];
  const share = b[from] === a[from] ? 0 : (value - a[from]) / (b[from] - a[from]);
  return a[to] + Math.max(0, Math.min(1, share)) * (b[to] - a[to]);
}
const shownAt = (time) => between(D.axis, time, 0, 1);
const timeAt = (shown) => between(D.axis, shown, 1, 0);
const shownEnd = D.axis[D.axis.length - 1][1];
const squeezed = D.axis.slice(1).map((knot, i) => [D.axis[i], knot]).filter(([a, b]) => (b[0] - a[0]) > 2 * (b[1] - a[1]));

const state = {
  from: 0, until: shownEnd, hover: null, pinned: null, lit: null, step: -1,
  record: "", key: "", operation: "", onlyChain: false,
};
const SPAN_MIN = 60;
const LEFT = 140, AXIS = 24, FAULT_ROW = 17;

const canvas = document.getElementById("diagram");
const overview = document.getElementById("overview");
let size = { width: 0, height: 0 };
let colors = {};
const COLORS = ["bg", "panel", "ink", "soft", "line", "lane", "band", "request", "engine", "lost", "cut", "down", "late", "double",
  "chain", "chain-soft", "ok", "ok-soft", "bad", "bad-soft", "unknown", "unknown-soft", "fault", "crash", "call", "halo"];
function readColors() {
  const style = getComputedStyle(document.documentElement);
  colors = {};
  for (const name of COLORS) colors[name] = style.getPropertyValue("--" + name).trim();
}

/* Lanes share the height that is there. */
const faultRows = Math.min(7, 1 + Math.max(-1, ...D.faults.map(({ row }) => row)));
let lanes = [];
function layOut() {
  const weights = D.nodes.map(({ kind }) => (kind === "server" ? 1.45 : 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const top = AXIS + faultRows * FAULT_ROW + 8;
  const unit = Math.max(34, (size.height - top - 6) / all);
  let y = top;
  lanes = weights.map((weight) => {
    const lane = { top: y, height: weight * unit, middle: y + (weight * unit) / 2 };
    y += weight * unit;
    return lane;
  });
}
const xAt = (time) => LEFT + ((shownAt(time) - state.from) / (state.until - state.from)) * (size.width - LEFT);
const timeAtX = (x) => timeAt(state.from + ((x - LEFT) / (size.width - LEFT)) * (state.until - state.from));

/* What of it all is asked for. */
function isFiltered() {
  return state.record !== "" || state.key !== "" || state.operation !== "" || state.onlyChain;
}
function isWanted(op, record, keys) {
  const operation = operations.get(op);
  if (state.operation !== "" && op !== Number(state.operation)) return false;
  const itsRecord = record >= 0 ? record : operation ? operation.record : -1;
  if (state.record !== "" && itsRecord !== Number(state.record)) return false;
  if (state.key === "") return true;
  const itsKeys = keys && keys.length > 0 ? keys : operation ? operation.keys : [];
  return itsKeys.includes(Number(state.key));
}
function wantsEvent(event) {
  if (state.onlyChain && !chain.has(event.i)) return false;
  return isWanted(event.op, event.record, event.keys);
}
function wantsMessage(message) {
  if (state.onlyChain && !chainMessages.has(message.i)) return false;
  return isWanted(message.op, message.sent.record, message.sent.keys);
}
function wantsOperation(operation) {
  if (state.onlyChain && !operation.isNamed && !chain.has(operation.beginEvent)) return false;
  return isWanted(operation.operation, operation.record, operation.keys);
}
for (const event of events) {
  if (event.kind === "begin" && operations.has(event.op)) operations.get(event.op).beginEvent = event.i;
}

/* Everything that an event depended on. */
function pastOf(i) {
  const past = new Set([i]);
  const open = [i];
  while (open.length > 0) {
    for (const cause of events[open.pop()].causes) {
      if (!past.has(cause)) { past.add(cause); open.push(cause); }
    }
  }
  return past;
}
const millis = (time, digits) => (time / 1000).toFixed(digits === undefined ? 3 : digits) + " ms";
const nameOf = (node) => D.nodes[node].name;
`;
