/** Script of the page, fourth part: what is under the pointer, and what is said of it. */
export const SCRIPT_HOVER: string = String.raw`
const tip = document.getElementById("tip");
const details = document.getElementById("details");

function distance(px, py, { x1, y1, x2, y2 }) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const share = Math.max(0, Math.min(1, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - x1 - share * dx, py - y1 - share * dy);
}
const isIn = (x, y, [left, top, width, height]) => x >= left - 1 && x <= left + width + 1 && y >= top && y <= top + height;

/* The nearest thing: marks first, then spans, then lines. */
function thingAt(x, y) {
  if (x < LEFT) return null;
  for (const event of events) {
    if (!isMark(event.kind)) continue;
    if (Math.abs(xAt(event.at) - x) < 6 && Math.abs(lanes[event.node].middle - y) < 7) return { event: event.i };
  }
  for (const operation of operations.values()) if (isIn(x, y, operationBox(operation))) return { operation };
  for (const call of calls) if (isIn(x, y, callBox(call))) return { call };
  let best = null, least = 7;
  for (const message of messages) {
    if (isFiltered() && !wantsMessage(message)) continue;
    for (const segment of segmentsOf(message)) {
      if (Math.max(segment.x1, segment.x2) < x - 8 || Math.min(segment.x1, segment.x2) > x + 8) continue;
      const far = distance(x, y, segment) - (chainMessages.has(message.i) ? 2 : 0);
      if (far < least) { least = far; best = { message, copy: segment.copy }; }
    }
  }
  if (best) return best;
  for (const fault of D.faults) {
    const box = [xAt(fault.from), AXIS + fault.row * FAULT_ROW + 4, Math.max(3, xAt(fault.until) - xAt(fault.from)), FAULT_ROW - 3];
    if (fault.row < faultRows && isIn(x, y, box)) return { fault };
  }
  return null;
}
/* Its words: a title, and pairs. */
function sayClock(node, event, title) {
  const date = new Date(Math.floor(event.wall / 1000));
  const micros = String(((event.wall % 1000) + 1000) % 1000).padStart(3, "0");
  return [
    [title || "at " + nameOf(node), millis(event.at) + " virtual"],
    ["wall clock of " + nameOf(node), date.toISOString().replace("Z", micros + "Z").replace("T", " ")],
    ["monotonic of " + nameOf(node), millis(event.mono)],
  ];
}
const sayOperation = (number) => {
  const operation = operations.get(number);
  return operation ? "#" + number + " " + operation.asked + " (" + nameOf(operation.client) + ", record " + operation.record + ")" : "none: the servers' own work";
};
const sayKeys = (keys) => (keys.length === 0 ? [] : [["keys", keys.slice(0, 6).map((key) => "k" + key + " “" + D.keys[key] + "”").join(", ") + (keys.length > 6 ? " …" : "")]]);
function say(thing) {
  if (thing.message) {
    const { message, copy } = thing;
    const arrival = message.copies[copy];
    const ends = !arrival ? { lost: "lost by the network", cut: "cut off by a partition" }[message.fate]
      : arrival.event >= 0 ? millis(arrival.arrives) + (message.late ? ", late" : "") + (message.copies.length > 1 ? ", copy " + (copy + 1) + " of " + message.copies.length : "")
      : message.fate === "away" ? "not before the end" : millis(arrival.arrives) + ", and " + nameOf(message.to) + " is down";
    return [nameOf(message.from) + " → " + nameOf(message.to) + ": " + message.text, [
      ["operation", sayOperation(message.op)],
      ...(message.sent.record >= 0 ? [["record", String(message.sent.record)]] : []),
      ...sayKeys(message.sent.keys),
      ...(message.leaves > message.sent.at ? [["worked on for", millis(message.leaves - message.sent.at)]] : []),
      ...sayClock(message.from, message.sent, "sent by " + nameOf(message.from)),
      ["arrives", ends],
      ...(arrival && arrival.event >= 0 ? sayClock(message.to, events[arrival.event], "at " + nameOf(message.to)).slice(1) : []),
    ]];
  }
  if (thing.event !== undefined) {
    const event = events[thing.event];
    const verbs = { apply: "stores ", forget: "crashes and loses ", crash: "", restart: "", point: "", begin: "", end: "is ", send: "sends ", receive: "receives ", call: "asks its engine: ", return: "hears from its engine: ", flush: "" };
    return [nameOf(event.node) + " " + verbs[event.kind] + event.text, [
      ...(event.op === 0 ? [] : [[event.kind === "apply" ? "written by" : "operation", sayOperation(event.op)]]),
      ...(event.record >= 0 ? [["record", String(event.record)]] : []), ...sayKeys(event.keys), ...sayClock(event.node, event),
    ]];
  }
  if (thing.operation) {
    const { operation } = thing;
    return ["#" + operation.operation + " " + operation.asked + " by " + nameOf(operation.client), [
      ["outcome", operation.outcome + (operation.isNamed ? ", named by the verdict" : "")], ["it was", operation.told || "never told anything"],
      ["record", String(operation.record)], ...sayKeys(operation.keys),
      ...sayClock(operation.client, events[operation.beginEvent], "begun"), ["ended", operation.ended === undefined ? "never" : millis(operation.ended)],
    ]];
  }
  if (thing.call) {
    const { call } = thing;
    return [nameOf(call.node) + " asks its engine: " + call.text, [["operation", call.by ? "none: " + call.by : sayOperation(call.op)], ["outcome", call.said || call.outcome], ["begun", millis(call.begun)], [call.outcome === "open" ? "never came back, cut short after" : "took", millis(call.ended - call.begun)]]];
  }
  const { fault } = thing;
  return [fault.text, [["kind", fault.kind], ["from", millis(fault.from)], ["until", millis(fault.until)]]];
}
/* Texts only: nothing that the world said becomes markup. */
function show(element, thing) {
  const [title, pairs] = say(thing);
  const bold = document.createElement("b");
  bold.textContent = title;
  const list = document.createElement("dl");
  for (const [name, value] of pairs) {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    text.textContent = value;
    list.append(term, text);
  }
  element.replaceChildren(bold, list);
}
function eventOf(thing) {
  if (thing.event !== undefined) return thing.event;
  if (thing.message) { const copy = thing.message.copies[thing.copy]; return copy && copy.event >= 0 ? copy.event : thing.message.sent.i; }
  if (thing.operation) {
    const end = events.find((event) => event.kind === "end" && event.op === thing.operation.operation);
    return end ? end.i : thing.operation.beginEvent;
  }
  return -1;
}
function pin(thing) {
  state.pinned = thing;
  state.lit = null;
  if (thing) {
    show(details, thing);
    const event = eventOf(thing);
    if (event >= 0) state.lit = pastOf(event);
  }
  draw();
}
function hover(x, y) {
  const thing = thingAt(x, y);
  tip.hidden = !thing;
  canvas.style.cursor = thing ? "pointer" : "";
  if (!thing) return;
  show(tip, thing);
  const left = Math.min(x + 16, canvas.clientWidth - tip.offsetWidth - 8);
  const above = y + overview.clientHeight + 18 + tip.offsetHeight > canvas.clientHeight + overview.clientHeight;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = (above ? Math.max(4, y + overview.clientHeight - tip.offsetHeight - 14) : y + overview.clientHeight + 18) + "px";
}
`;
