/** Script of the page, second part: how single things are drawn. */
export const SCRIPT_MARKS: string = String.raw`
const FONT = '12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const BOLD = '600 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
let g = null;
let placed = [];

function fitted(text, width) {
  if (g.measureText(text).width <= width) return text;
  let end = Math.floor((text.length * width) / Math.max(1, g.measureText(text).width));
  while (end > 2 && g.measureText(text.slice(0, end) + "…").width > width) end -= 1;
  return end <= 2 ? "" : text.slice(0, end) + "…";
}
/* A text with a halo, only where none is yet. */
function label(text, x, y, color, bold) {
  g.font = bold ? BOLD : FONT;
  const width = g.measureText(text).width + 6;
  const left = Math.max(LEFT + 2, Math.min(x - width / 2, size.width - width - 2));
  const box = [left, y - 8, left + width, y + 8];
  if (placed.some((o) => o[0] < box[2] && box[0] < o[2] && o[1] < box[3] && box[1] < o[3])) return false;
  placed.push(box);
  g.fillStyle = colors.halo;
  g.fillRect(box[0], box[1], width, 16);
  g.fillStyle = color;
  g.textAlign = "left";
  g.textBaseline = "middle";
  g.fillText(text, left + 3, y + 0.5);
  return true;
}
function line(x1, y1, x2, y2, color, width, dash) {
  g.strokeStyle = color;
  g.lineWidth = width;
  g.setLineDash(dash || []);
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
  g.setLineDash([]);
}
function head(x1, y1, x2, y2, color, length) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  g.fillStyle = color;
  g.beginPath();
  g.moveTo(x2, y2);
  g.lineTo(x2 - length * Math.cos(angle - 0.4), y2 - length * Math.sin(angle - 0.4));
  g.lineTo(x2 - length * Math.cos(angle + 0.4), y2 - length * Math.sin(angle + 0.4));
  g.fill();
}
function cross(x, y, color, reach, width) {
  line(x - reach, y - reach, x + reach, y + reach, color, width);
  line(x - reach, y + reach, x + reach, y - reach, color, width);
}
function diamond(x, y, color, reach) {
  g.fillStyle = color;
  g.beginPath();
  g.moveTo(x, y - reach);
  g.lineTo(x + reach, y);
  g.lineTo(x, y + reach);
  g.lineTo(x - reach, y);
  g.fill();
}
/* Where an amplification point fires. */
function spark(x, y, color, reach) {
  for (let i = 0; i < 4; i += 1) {
    const [dx, dy] = [Math.cos((i * Math.PI) / 4) * reach, Math.sin((i * Math.PI) / 4) * reach];
    line(x - dx, y - dy, x + dx, y + dy, color, 2);
  }
}
/* Events that are drawn at their node. */
const isMark = (kind) => ["apply", "forget", "point", "crash", "restart"].includes(kind);
function hatch(x, y, width, height, color) {
  g.save();
  g.beginPath();
  g.rect(x, y, width, height);
  g.clip();
  g.strokeStyle = color;
  g.lineWidth = 2;
  g.beginPath();
  const first = Math.floor((x - height) / 9) * 9;
  for (let at = first; at < x + width; at += 9) {
    g.moveTo(at, y + height);
    g.lineTo(at + height, y);
  }
  g.stroke();
  g.restore();
}

/* The lines of a message: one a copy, with where it ends. */
function segmentsOf(message) {
  const y1 = lanes[message.from].middle, y2 = lanes[message.to].middle;
  const x1 = xAt(message.leaves);
  if (message.copies.length === 0) {
    const x2 = xAt(message.leaves + 400);
    return [{ x1, y1, x2: x1 + Math.max(10, (x2 - x1)) * 0.6, y2: y1 + (y2 - y1) * 0.42, copy: 0, ends: message.fate }];
  }
  return message.copies.map(({ arrives, event }, copy) => ({
    x1, y1, x2: xAt(arrives), y2, copy, ends: event >= 0 ? "delivered" : message.fate === "away" ? "away" : "down",
  }));
}
function styleOf(message, segment) {
  if (segment.ends === "lost") return [colors.lost, [6, 4]];
  if (segment.ends === "cut") return [colors.cut, [2, 3]];
  if (segment.ends === "down" || segment.ends === "away") return [colors.down, [8, 3, 2, 3]];
  if (segment.copy > 0) return [colors.double, [2, 4]];
  if (message.late) return [colors.late, []];
  const isClients = D.nodes[message.from].kind === "client" || D.nodes[message.to].kind === "client";
  return [isClients ? colors.request : colors.engine, []];
}
/* How strongly a thing is lit: 2 of an operation that the verdict names, or of what is selected; 1 of what those depended on. */
const levelOf = (op) => (state.lit || namedOperations.has(op) ? 2 : 1);
function drawMessage(message, isLit, strength) {
  const isStrong = isLit && levelOf(message.op) === 2;
  for (const segment of segmentsOf(message)) {
    const { x1, y1, x2, y2, ends } = segment;
    const [color, dash] = styleOf(message, segment);
    const isBad = ends === "lost" || ends === "cut" || ends === "down";
    const ink = isLit && !isBad ? colors.chain : color;
    g.globalAlpha = strength;
    if (isStrong) line(x1, y1, x2, y2, colors["chain-soft"], 8);
    line(x1, y1, x2, y2, ink, isStrong ? 2.6 : isLit ? 1.4 : isBad || message.late ? 1.6 : 1, dash);
    if (ends === "lost") cross(x2, y2, color, isLit ? 7 : 4, isLit ? 3 : 2);
    else if (ends === "cut") line(x2 - 6, y2, x2 + 6, y2, color, isLit ? 4 : 3);
    else if (ends === "down") cross(x2, y2, color, isLit ? 6 : 4, 2);
    else if (strength > 0.3) head(x1, y1, x2, y2, ink, isLit ? 11 : 7);
    g.globalAlpha = 1;
  }
}
/* What a message says, beside its line: nearer to where it arrives, so that copies for several nodes lie apart. */
function labelMessage(message, isLit) {
  const [segment] = segmentsOf(message);
  const { x1, y1, x2, y2, ends } = segment;
  const [color] = styleOf(message, segment);
  const text = message.text.length > 46 ? message.text.slice(0, 45) + "…" : message.text;
  const said = ends === "delivered" ? text : text + (ends === "lost" ? " · lost" : ends === "cut" ? " · cut off" : ends === "down" ? " · nobody there" : "");
  for (const share of [0.62, 0.4, 0.8, 0.25]) {
    const at = ends === "delivered" ? share : Math.min(1, share + 0.35);
    if (label(said, x1 + (x2 - x1) * at, y1 + (y2 - y1) * at, isLit && ends === "delivered" ? colors.chain : color, isLit)) return;
  }
}
`;
