/** What servers asked of the cache in a trace, as calls: questions that go out together are one. */
import type { Trace, TraceCall, TraceEvent, TraceMessage } from "../trace/trace.ts";
import { type CacheSlot, slotText } from "../words/cache-words.ts";
import { listed } from "../words/listed.ts";

/** The table of such calls. */
const CACHE = "the cache";

type Slot = NonNullable<TraceMessage["slot"]>;

type Asked = {
  readonly message: TraceMessage;
  readonly slot: Slot;
  readonly sent: TraceEvent;
  readonly answer: { readonly at: number; readonly slot: Slot } | undefined;
};

/** All of them, in the order in which they were asked. */
export function cacheCalls(trace: Trace): readonly TraceCall[] {
  const { messages, events, nodes } = trace;
  const cache = nodes.findIndex(({ kind }) => kind === "cache");
  const answers = answersOf(cache, trace);
  const asked = messages.flatMap((message): readonly Asked[] => {
    const { slot, to } = message;
    if (slot === undefined || to !== cache) return [];
    const sent = events[message.sent] as TraceEvent;
    const arrivals = message.copies.flatMap(({ event }) => event ?? []);
    const answer = arrivals.flatMap((event) => answers.get(event) ?? [])[0];
    return [{ message, slot, sent, answer }];
  });
  const groups = Map.groupBy(asked, ({ sent, message, slot }) => {
    return `${sent.at} ${sent.node} ${message.operation} ${slot.verb}`;
  });
  return [...groups.values()].map(callOf);
}

/** By the event of the question's arrival. */
function answersOf(
  cache: number,
  { messages, events }: Trace,
): ReadonlyMap<number, NonNullable<Asked["answer"]>> {
  const answers = new Map<number, NonNullable<Asked["answer"]>>();
  for (const { from, sent, copies, slot } of messages) {
    if (slot === undefined || from !== cache) continue;
    const arrival = copies.find(({ event }) => event !== undefined)?.arrives;
    if (arrival === undefined) continue;
    // The last of what it depends on is the question; before that is what was stored.
    const question = events[sent]?.causes.at(-1) ?? -1;
    answers.set(question, { at: arrival, slot });
  }
  return answers;
}

function callOf(group: readonly Asked[]): TraceCall {
  const [first] = group as readonly [Asked, ...Asked[]];
  const { sent, message } = first;
  const { verb } = first.slot;
  const slots = group.map(({ slot }) => slot);
  const heard = group.flatMap(({ answer }) => answer ?? []);
  const isAnswered = heard.length === group.length;
  // Of a record as a whole, where one of them is.
  const keys = group.map((each) => each.sent.keys ?? []);
  return {
    node: sent.node,
    begun: sent.at,
    ...(isAnswered ? { ended: Math.max(...heard.map(({ at }) => at)) } : {}),
    outcome: isAnswered ? "answered" : "open",
    operation: message.operation,
    table: CACHE,
    id: "",
    ...(sent.record === undefined ? {} : { record: sent.record }),
    keys: keys.some(({ length }) => length === 0) ? [] : keys.flat(),
    verb,
    entries: slots.filter(isEntry).length,
    text: `${verb} ${slotWords(slots)} in the cache`,
    said: verb === "get" ? foundWords(heard.map(({ slot }) => slot)) : "done",
  };
}

/** Entries, and how many stamps with them: these only say whether entries are to be believed. Their bytes tell nothing. */
function slotWords(slots: readonly CacheSlot[]): string {
  const entries = slots.filter(isEntry).map(slotText);
  const others = slots.filter((slot) => !isEntry(slot));
  const stamped = others.map(({ of }) => of);
  const kind = others.some((slot) => slot.kind === "marker") ? "marker" : "stamp";
  const stamps = `${kind}${stamped.length === 1 ? "" : "s"}`;
  if (entries.length === 0) return `${stamps} of ${listed(stamped)}`;
  return listed([...entries, ...(stamped.length === 0 ? [] : [`${stamped.length} ${stamps}`])]);
}

/** What readers are given of it. */
function foundWords(slots: readonly CacheSlot[]): string {
  const entries = slots.filter(isEntry);
  const found = entries.filter(({ isMissing }) => isMissing === undefined);
  if (found.length === 0) return entries.length > 0 ? "has none" : "has stamps, or none";
  return found.map((slot) => `has ${slot.holds ?? slotText(slot)}`).join(", ");
}

function isEntry({ kind }: CacheSlot): boolean {
  return kind === "entry";
}
