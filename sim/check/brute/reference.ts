/**
 * A tiny reference model, and small sound histories out of it: writes that arrive at three copies when they like, reads
 * that look at two of them, clocks that are a little wrong.
 */
import { fromHex, type Micros } from "kvdal";
import { between, chance, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import type { History, PageRecord, ReadRecord, SeenItem, View, WriteRecord } from "../history.ts";
import { drawWrite, type ModelShape } from "./reference-writes.ts";

/** A write and when it came to each copy; Infinity for never. */
export type ModelWrite = { readonly write: WriteRecord; readonly arrivals: readonly Micros[] };

/** Bytes of every item. */
const ITEM_BYTES = 5;
const COPIES = 3;
const NEVER: Micros = Number.POSITIVE_INFINITY;
const WRITES_MAX = 8;
const READS_MAX = 5;
/** Where an operation is a read: in so many of five. */
const READ_SHARE = 2;
/** The model's clock begins here, so that no clock shows anything below zero. */
const BEGIN = 1_000;

/** Draws one sound history of at most three clients, three keys, two records and eight writes. */
export function drawHistory(random: KeyedRandom): History {
  const skew = random.below(4) * 5;
  const shape: ModelShape = {
    keys: between(random, 1, 3),
    records: between(random, 1, 2),
    isBusy: chance(random, 1, 2),
    skew,
  };
  const writes: ModelWrite[] = [];
  const questions: Question[] = [];
  const clients = between(random, 1, 3);
  for (let client = 0; client < clients; client += 1) {
    drawClient(random, shape, { client, clients, writes, questions });
  }
  return {
    ...NOTHING_ELSE,
    writes: writes.map(({ write }) => write),
    reads: questions.map((question) => answer(random, question, { writes, shape })),
    views: Array.from({ length: shape.records }, (_, record) => viewsOf(record, writes)),
    serverWall: (now) => ({ low: now - skew, high: now + skew }),
  };
}

/** In the end each copy has what came to any of them, less what has expired meanwhile. */
function viewsOf(record: number, writes: readonly ModelWrite[]): readonly View[] {
  const arrived = writes.filter(
    ({ write, arrivals }) => write.record === record && arrivals.some((at) => at !== NEVER),
  );
  const view = [0, 1, 2].flatMap((key) => {
    const found = newest(arrived, key, NEVER);
    const by = arrived.find(({ write }) => write.operation === found?.valueFrom)?.write;
    return by === undefined
      ? []
      : [{ key: Uint8Array.of(key), time: by.order.time, nonce: fromHex(by.order.nonce) }];
  });
  return Array.from({ length: COPIES }, () => view);
}

/** What these histories are not about. */
const NOTHING_ELSE: Omit<History, "writes" | "reads" | "views" | "serverWall"> = {
  unanswered: [],
  scans: [],
  writesAtOnce: true,
  tokenWindow: { maxAge: 1e9, maxDrift: 1e9 },
  clientSkew: 1e9,
  fault: undefined,
  cleanUps: [],
  calls: [],
  answers: [],
  refusals: [],
  failures: [],
  isCalm: true,
  admissions: [],
  chunks: { stored: [], referred: [] },
  traffic: {
    limits: {
      attemptsMax: 1,
      backoffBase: 1,
      backoffMax: 1,
      retryShare: 1,
      retryBurst: 1,
      hedgeShare: 1,
      refreshMicros: 1,
    },
    clients: [],
  },
  cache: undefined,
  left: [],
};

/** A read before it is answered. */
type Question = Omit<ReadRecord, "items" | "pages" | "answered"> & {
  /** Keys asked for, in the order in which they are looked at. */
  readonly asked: readonly number[];
  /** Bytes of a page; 0 for a read of all that was asked for at once. */
  readonly budget: number;
};

function drawClient(
  random: KeyedRandom,
  shape: ModelShape,
  made: {
    readonly client: number;
    readonly clients: number;
    readonly writes: ModelWrite[];
    readonly questions: Question[];
  },
): void {
  const { client, clients, writes, questions } = made;
  let now = BEGIN + random.below(20);
  let lastToken = 0;
  const turns = Math.floor((WRITES_MAX + READS_MAX) / clients);
  for (let turn = 0; turn < turns; turn += 1) {
    now += shape.isBusy ? random.below(4) : random.below(25);
    const ended = now + between(random, 1, 20);
    const operation = 1 + client * 100 + turn;
    if (chance(random, READ_SHARE, 5)) {
      if (questions.length === READS_MAX) continue;
      questions.push(drawQuestion(random, shape, { operation, begun: now, ended }));
    } else {
      if (writes.length === WRITES_MAX) continue;
      const drawn = drawWrite(random, shape, { operation, client, begun: now, ended, lastToken });
      lastToken = drawn.write.order.time;
      writes.push(drawn);
    }
    now = ended;
  }
}

function drawQuestion(
  random: KeyedRandom,
  { keys, records }: ModelShape,
  when: Pick<ReadRecord, "operation" | "begun" | "ended">,
): Question {
  const isTraversal = chance(random, 1, 2);
  const reverse = isTraversal && chance(random, 1, 3);
  const all = Array.from({ length: keys }, (_, key) => key);
  const some = all.filter(() => chance(random, 2, 3));
  const asked = isTraversal || some.length === 0 ? all.slice(random.below(keys)) : some;
  return {
    ...when,
    record: random.below(records),
    asked: reverse ? asked.toReversed() : asked,
    budget: isTraversal ? pick(random, [1, ITEM_BYTES, 2 * ITEM_BYTES, 20 * ITEM_BYTES]) : 0,
    reverse,
    itemLimit: isTraversal && chance(random, 1, 4) ? between(random, 1, keys) : 0,
    byScan: false,
    byAlias: isTraversal && chance(random, 1, 6),
    cached: false,
    atOnce: !isTraversal,
  };
}

/** What the model answers with. */
type Model = { readonly writes: readonly ModelWrite[]; readonly shape: ModelShape };

/** Page after page, each at moments of its own, none before those of the page before. */
function answer(
  random: KeyedRandom,
  { asked, budget, ...question }: Question,
  model: Model,
): ReadRecord {
  const { begun, ended, byAlias, itemLimit } = question;
  const items: SeenItem[] = [];
  const pages: PageRecord[] = [];
  if (byAlias && chance(random, 1, 3)) {
    const nothing = { items: 0, bytes: 0, budget, token: 0 };
    return { ...question, answered: bitsOf(asked), items, pages: [nothing] };
  }
  let [at, since] = [0, begun];
  do {
    const until = between(random, since, ended);
    const find = look(random, { ...question, begun: since, ended: until }, model);
    const room = budget === 0 ? Number.POSITIVE_INFINITY : Math.max(1, budget / ITEM_BYTES);
    const before = items.length;
    for (; at < asked.length && items.length - before < room; at += 1) {
      const found = find(asked[at] as number);
      if (found !== undefined) items.push(found);
      if (itemLimit > 0 && items.length === itemLimit) at = asked.length;
    }
    const count = items.length - before;
    const token = at < asked.length ? 1 + at : 0;
    if (budget > 0) pages.push({ items: count, bytes: count * ITEM_BYTES, budget, token });
    since = until;
  } while (at < asked.length);
  const isCut = itemLimit > 0 && items.length === itemLimit;
  const reached = isCut ? asked.slice(0, asked.indexOf(items.at(-1)!.key) + 1) : asked;
  return { ...question, answered: bitsOf(reached), items, pages };
}

/** Looks at two copies, each at a moment of its own: what they have of a key, by a clock that is off a little. */
function look(
  random: KeyedRandom,
  { record, begun, ended }: Pick<ReadRecord, "record" | "begun" | "ended">,
  { writes, shape: { skew } }: Model,
): (key: number) => SeenItem | undefined {
  const left = random.below(COPIES);
  const moments = Array.from({ length: COPIES }, (_, copy) =>
    copy === left ? Number.NEGATIVE_INFINITY : between(random, begun, ended),
  );
  const wall = between(random, begun, ended) + between(random, -skew, skew);
  const found = writes.filter(
    ({ write, arrivals }) =>
      write.record === record && arrivals.some((at, copy) => at <= moments[copy]!),
  );
  return (key) => newest(found, key, wall);
}

/** The item of the write with the highest token, found by sorting its fields as text. */
function newest(found: readonly ModelWrite[], key: number, wall: Micros): SeenItem | undefined {
  const text = ({ write: { order } }: ModelWrite): string =>
    [order.time, order.rank, order.expiry].map((n) => String(n).padStart(16, "0")).join() +
    order.nonce;
  const ofKey = found.filter(({ write }) => (write.keys & (1 << key)) !== 0);
  const [last] = ofKey.toSorted((a, b) => (text(a) < text(b) ? 1 : -1));
  if (last === undefined || last.write.kind === "delete") return undefined;
  const { order } = last.write;
  return order.expiry !== 0 && order.expiry <= wall ? undefined : itemOf(last.write, key);
}

/** A put's item, whole. */
export function itemOf({ operation, order }: WriteRecord, key: number): SeenItem {
  return {
    key,
    valueFrom: operation,
    contentFrom: operation,
    writeTime: order.time,
    expiresAt: order.expiry,
    whole: true,
    chunked: false,
    staging: "",
  };
}

function bitsOf(keys: readonly number[]): number {
  return keys.reduce((bits, key) => bits | (1 << key), 0);
}
