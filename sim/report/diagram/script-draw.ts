/** Script of the page, third part: the picture as a whole, from what is in view. */
export const SCRIPT_DRAW: string = String.raw`
function fit(element) {
  const ratio = window.devicePixelRatio || 1;
  const width = element.clientWidth, height = element.clientHeight;
  if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
  }
  const context = element.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return [context, width, height];
}
let isDue = false;
function draw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; paint(); });
}
function paint() {
  const [context, width, height] = fit(canvas);
  g = context;
  size = { width, height };
  layOut();
  placed = [];
  drawLanes();
  g.save();
  g.beginPath();
  g.rect(LEFT, 0, width - LEFT, height);
  g.clip();
  drawAxis();
  drawFaults();
  const lit = state.lit || chain;
  const litMessages = state.lit ? new Set([...state.lit].map((i) => events[i].msg)) : chainMessages;
  drawCalls(lit);
  drawMoments();
  keepFree();
  drawMessages(litMessages);
  drawOperations(lit);
  drawEvents(lit);
  if (state.hint) label(state.hint, (LEFT + size.width) / 2, size.height - 12, colors.soft);
  g.restore();
  drawNames();
  paintOverview();
}
function drawLanes() {
  lanes.forEach((lane, i) => {
    if (i % 2 === 0) { g.fillStyle = colors.band; g.fillRect(0, lane.top, size.width, lane.height); }
    const isNewKind = i > 0 && D.nodes[i].kind !== D.nodes[i - 1].kind;
    line(0, lane.top, size.width, lane.top, isNewKind ? colors.line : colors.lane, 1);
    line(LEFT, lane.middle, size.width, lane.middle, colors.line, 1);
  });
}
function drawNames() {
  g.fillStyle = colors.bg;
  g.fillRect(0, 0, LEFT, AXIS + faultRows * FAULT_ROW + 8);
  g.textAlign = "left";
  g.textBaseline = "middle";
  g.font = FONT;
  g.fillStyle = colors.soft;
  g.fillText("virtual time", 10, AXIS / 2);
  if (faultRows > 0) g.fillText("faults", 10, AXIS + FAULT_ROW / 2 + 4);
  lanes.forEach((lane, i) => {
    g.fillStyle = i % 2 === 0 ? colors.band : colors.bg;
    g.fillRect(0, lane.top + 1, LEFT, lane.height - 1);
    g.font = BOLD;
    g.fillStyle = colors.ink;
    const { name, clock } = D.nodes[i];
    const said = (clock === "" ? [] : ("clock " + clock).split(", ")).slice(0, Math.floor(lane.height / 14) - 1);
    g.fillText(name, 10, lane.middle - said.length * 6.5);
    g.font = '11px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
    g.fillStyle = colors.soft;
    said.forEach((text, at) => g.fillText(fitted(text, LEFT - 14), 10, lane.middle + 9 - (said.length - 1) * 6.5 + at * 13));
  });
  line(LEFT, 0, LEFT, size.height, colors.line, 1);
}
function drawAxis() {
  const shown = state.until - state.from;
  const aim = (shown / (size.width - LEFT)) * 110;
  const power = Math.pow(10, Math.floor(Math.log10(aim)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= aim);
  const digits = Math.max(0, Math.min(3, 3 - Math.floor(Math.log10(step))));
  g.font = FONT;
  g.textBaseline = "middle";
  g.textAlign = "center";
  let last = -1e9;
  for (let knot = 1; knot < D.axis.length; knot += 1) {
    const [a, b] = [D.axis[knot - 1], D.axis[knot]];
    if (b[1] < state.from || a[1] > state.until || b[0] - a[0] > 2 * (b[1] - a[1])) continue;
    const first = Math.max(a[0], timeAt(state.from));
    for (let time = Math.ceil(first / step) * step; time <= b[0]; time += step) {
      const x = xAt(time);
      if (x > size.width) break;
      if (x - last < 70 || x < LEFT + 34) continue;
      last = x;
      line(x, AXIS - 5, x, size.height, colors.lane, 1);
      g.fillStyle = colors.soft;
      g.fillText(millis(time, digits), x, AXIS / 2);
    }
  }
  for (const [a, b] of squeezed) {
    const [x1, x2] = [xAt(a[0]), xAt(b[0])];
    if (x2 < LEFT || x1 > size.width) continue;
    hatch(x1 + 1, AXIS - 6, x2 - x1 - 2, 6, colors.line);
    label((b[0] - a[0] > 1e6 ? ((b[0] - a[0]) / 1e6).toFixed(1) + " s" : millis(b[0] - a[0], 0)) + " without events", (x1 + x2) / 2, size.height - 10, colors.soft);
  }
}
function drawFaults() {
  for (const fault of D.faults) {
    const x1 = Math.max(LEFT - 2, xAt(fault.from)), x2 = Math.min(size.width + 2, Math.max(xAt(fault.until), xAt(fault.from) + 2));
    if (x2 < LEFT || x1 > size.width) continue;
    for (const node of fault.nodes) {
      const lane = lanes[node];
      if (!lane) continue;
      if (fault.kind === "crash") hatch(x1, lane.top + 2, x2 - x1, lane.height - 4, colors.crash);
      g.fillStyle = fault.kind === "crash" ? colors.crash : colors.fault;
      g.fillRect(x1, lane.top + 1, x2 - x1, lane.height - 1);
    }
    if (fault.row >= faultRows) continue;
    const y = AXIS + fault.row * FAULT_ROW + 4;
    g.fillStyle = fault.kind === "crash" ? colors.crash : colors.fault;
    g.fillRect(x1, y, x2 - x1, FAULT_ROW - 3);
    g.strokeStyle = fault.kind === "crash" ? colors.soft : colors.cut;
    g.lineWidth = 1;
    g.strokeRect(x1 + 0.5, y + 0.5, x2 - x1 - 1, FAULT_ROW - 4);
    g.font = FONT;
    g.fillStyle = colors.ink;
    g.textAlign = "left";
    g.textBaseline = "middle";
    const left = Math.max(x1, LEFT) + 4;
    const text = fitted(fault.text, x2 - left - 2);
    if (x2 - left > 24) g.fillText(text, left, y + (FAULT_ROW - 3) / 2 + 0.5);
  }
}
function drawMoments() {
  const moments = D.marks.map(({ at, text }) => [at, text, colors.ok]);
  if (D.violationAt !== null) moments.push([D.violationAt, "violation", colors.chain]);
  for (const [at, text, color] of moments) {
    const x = xAt(at);
    if (x < LEFT || x > size.width) continue;
    line(x, AXIS, x, size.height, color, 2, [5, 4]);
    for (const dy of [12, 30, 48]) if (label(text, x, AXIS + faultRows * FAULT_ROW + dy, color, true)) break;
  }
}
function callBox({ node, begun, ended, row, op }) {
  const lane = lanes[node];
  if (op === 0) return [xAt(begun), lane.top + lane.height - 5, Math.max(2, xAt(ended) - xAt(begun)), 3];
  const y = lane.middle + 9 + (row % 4) * 7;
  return [xAt(begun), y, Math.max(2, xAt(ended) - xAt(begun)), 6];
}
function drawCalls(lit) {
  for (const call of calls) {
    const [x, y, width, height] = callBox(call);
    if (x + width < LEFT || x > size.width) continue;
    if (isFiltered() && !isWanted(call.op, -1, null)) continue;
    if (state.onlyChain && !namedOperations.has(call.op)) continue;
    const operation = operations.get(call.op);
    g.globalAlpha = chain.size > 0 && !(operation && operation.isNamed) ? 0.5 : 1;
    g.fillStyle = call.outcome === "answered" ? colors.call : colors["bad-soft"];
    g.fillRect(x, y, width, height);
    if (call.outcome !== "answered") { g.strokeStyle = colors.bad; g.lineWidth = 1; g.setLineDash([]); g.strokeRect(x, y, width, height); }
    g.globalAlpha = 1;
  }
}
function drawMessages(lit) {
  const [start, end] = [timeAtX(LEFT) - 1, timeAtX(size.width) + 1];
  const seen = messages.filter((message) => {
    const last = message.copies.reduce((most, copy) => Math.max(most, copy.arrives), message.leaves + 400);
    return last >= start && message.leaves <= end;
  });
  const others = seen.filter((message) => !lit.has(message.i) && wantsMessage(message));
  const shown = seen.filter((message) => lit.has(message.i) && (!isFiltered() || wantsMessage(message)));
  const dim = lit.size > 0 ? 0.38 : 1;
  const crowd = others.length > 2000 ? 0.2 : others.length > 900 ? 0.3 : others.length > 350 ? 0.5 : 0.85;
  const isOfClients = ({ from, to }) => D.nodes[from].kind === "client" || D.nodes[to].kind === "client";
  const crowdOf = (message) => (others.length > 2000 && !isOfClients(message) ? crowd * 0.4 : crowd);
  for (const message of others) drawMessage(message, false, message.fate === "delivered" && !message.late ? crowdOf(message) * dim : Math.min(1, crowd * dim * 1.8));
  for (const message of shown) drawMessage(message, true, 1);
  const first = shown.filter(({ op }) => levelOf(op) === 2);
  const least = first.length < 25 ? 5 : 12;
  const isWide = (message) => segmentsOf(message).some(({ x1, x2 }) => Math.abs(x2 - x1) > least);
  if (first.length < 70) for (const message of first) if (isWide(message)) labelMessage(message, true);
  if (shown.length < 40) for (const message of shown) if (levelOf(message.op) < 2) labelMessage(message, true);
  state.hint = others.length > 900 ? "zoom in (wheel, or +) to tell messages apart" : "";
  if (others.length < 26) for (const message of others) labelMessage(message, false);
}
function operationBox(operation) {
  const lane = lanes[operation.client];
  const x = xAt(operation.begun);
  const ended = operation.ended === undefined ? D.end : operation.ended;
  return [x, lane.middle - 11, Math.max(2, xAt(ended) - x), 22];
}
/* No label of a message over an operation. */
function keepFree() {
  for (const operation of operations.values()) {
    const [x, y, width, height] = operationBox(operation);
    if (x + width < LEFT || x > size.width) continue;
    placed.push([x, y, x + width, y + height]);
    if (operation.isNamed && width < 68) label("#" + operation.operation, x + width / 2, y - 9, colors.chain, true);
  }
}
function drawOperations(lit) {
  const tones = { answered: "ok", failed: "bad", unknown: "unknown", open: "bad" };
  for (const operation of operations.values()) {
    const [x, y, width, height] = operationBox(operation);
    if (x + width < LEFT || x > size.width) continue;
    const isLit = operation.isNamed || lit.has(operation.beginEvent);
    g.globalAlpha = isFiltered() && !wantsOperation(operation) ? 0.15 : lit.size > 0 && !isLit ? 0.55 : 1;
    const tone = tones[operation.outcome];
    g.fillStyle = operation.isNamed ? colors["chain-soft"] : colors[tone + "-soft"];
    g.fillRect(x, y, width, height);
    g.strokeStyle = operation.isNamed ? colors.chain : colors[tone];
    g.lineWidth = operation.isNamed ? 2.5 : isLit ? 2 : 1;
    g.setLineDash(operation.outcome === "unknown" ? [4, 3] : []);
    g.strokeRect(x, y, width, height);
    g.setLineDash([]);
    if (operation.outcome === "failed") cross(x + width - 6, y + 6, colors.bad, 3, 2);
    g.font = operation.isNamed ? BOLD : FONT;
    g.fillStyle = colors.ink;
    g.textAlign = "left";
    g.textBaseline = "middle";
    const left = Math.max(x, LEFT);
    const room = x + width - left - 8;
    const mark = operation.outcome === "unknown" ? " ?" : "";
    if (room > (operation.isNamed ? 60 : 20)) g.fillText(fitted("#" + operation.operation + " " + operation.asked + mark, room), left + 4, y + height / 2 + 0.5);
    g.globalAlpha = 1;
  }
}
function drawEvents(lit) {
  const isNear = state.until - state.from < 60000;
  for (const event of events) {
    const { kind, node, at } = event;
    if (!isMark(kind)) continue;
    const x = xAt(at);
    if (x < LEFT || x > size.width) continue;
    const isLit = lit.has(event.i);
    if (!isLit && isFiltered() && !wantsEvent(event)) continue;
    const y = lanes[node].middle;
    g.globalAlpha = isLit || lit.size === 0 ? 1 : 0.5;
    const isStrong = isLit && levelOf(event.op) === 2;
    if (kind === "apply") diamond(x, y, isLit ? colors.chain : colors.engine, isStrong ? 6 : isLit || isNear ? 4 : 2.5);
    else if (kind === "forget") { cross(x, y, colors.lost, 6, 3); }
    else if (kind === "point") spark(x, y, colors.bad, 8);
    else line(x, lanes[node].top + 2, x, lanes[node].top + lanes[node].height - 2, colors.soft, 2);
    g.globalAlpha = 1;
    if ((isLit && (kind === "apply" || kind === "forget")) || (kind === "point" && isNear)) {
      const text = (kind === "forget" ? "loses " : "") + event.label;
      const color = kind === "forget" ? colors.lost : kind === "point" ? colors.bad : colors.chain;
      for (const dy of [18, -18, 32]) if (label(text, x, y + dy, color, false)) break;
    }
  }
  const chosen = state.pinned && state.pinned.event !== undefined ? events[state.pinned.event] : null;
  if (chosen) {
    g.strokeStyle = colors.ink;
    g.lineWidth = 2;
    g.beginPath();
    g.arc(xAt(chosen.at), lanes[chosen.node].middle, 10, 0, 2 * Math.PI);
    g.stroke();
  }
}
function paintOverview() {
  const [context, width, height] = fit(overview);
  const x = (time) => (shownAt(time) / shownEnd) * width;
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, width, height);
  const bins = new Array(Math.max(1, Math.ceil(width / 3))).fill(0);
  for (const event of events) bins[Math.min(bins.length - 1, Math.floor(x(event.at) / 3))] += 1;
  const most = Math.max(...bins);
  context.fillStyle = colors.engine;
  bins.forEach((count, i) => { const h = Math.sqrt(count / most) * (height - 8); context.fillRect(i * 3, height - h, 2, h); });
  context.fillStyle = colors.fault;
  for (const fault of D.faults) if (fault.nodes.length > 0) context.fillRect(x(fault.from), 0, Math.max(1, x(fault.until) - x(fault.from)), height);
  context.fillStyle = colors.chain;
  for (const i of chain) context.fillRect(x(events[i].at), 0, 1.5, height);
  if (D.violationAt !== null) context.fillRect(x(D.violationAt) - 1, 0, 3, height);
  const [a, b] = [(state.from / shownEnd) * width, (state.until / shownEnd) * width];
  context.fillStyle = colors.halo;
  context.globalAlpha = 0.55;
  context.fillRect(0, 0, a, height);
  context.fillRect(b, 0, width - b, height);
  context.globalAlpha = 1;
  context.strokeStyle = colors.ink;
  context.lineWidth = 1.5;
  context.strokeRect(a + 0.75, 0.75, Math.max(3, b - a - 1.5), height - 1.5);
}
`;
