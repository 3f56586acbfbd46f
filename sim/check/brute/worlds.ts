/**
 * A second judge of histories, slow and obvious: it tries every world that there can be, and asks whether one of them
 * answers as was answered. Written from the contract, and not from the oracles, which it is there to prove. Only for
 * small histories: its work doubles with every write whose effect is open.
 *
 * A read looks at a quorum of copies, at each of them at some moment while it lasts. What it finds is therefore a set of
 * writes: every one that was acknowledged by the time it began (two quorums meet), none that was refused or that began
 * when it was over, and any of the others. Of what it finds, the highest token of a key counts (TOK-5, DEL-4), and a put
 * counts until a server's clock shows its expiry (TTL-1, GET-5).
 */
import { type Micros, toHex } from "kvdal";
import type { History, ReadRecord, SeenItem, View, WriteRecord } from "../history.ts";

const NEVER: Micros = Number.POSITIVE_INFINITY;

/** What is wrong with one read, or with what replicas show. */
export type Flaw = { readonly operation: number; readonly what: string };

/** What is wrong with a history. */
export type Explanation = {
  /** That no world explains it. */
  readonly flaws: readonly Flaw[];
  /** Reads of which each key has a world, and all keys together have none. */
  readonly onlyKeyByKey: readonly number[];
  /** Records that all replicas show alike in the end, as no world ends. */
  readonly alikeAndWrong: readonly number[];
};

/** What a read may have found: writes of its record, and what the server's clock showed. */
type World = { readonly found: readonly WriteRecord[]; readonly wall: Micros };

/** Judges a history of few writes. */
export function explain(history: History): Explanation {
  const flaws: Flaw[] = [];
  const onlyKeyByKey: number[] = [];
  for (const read of history.reads) {
    const { operation } = read;
    const { what, isOnlyKeyByKey } = explainRead(read, history);
    if (what !== undefined) flaws.push({ operation, what });
    // PUT-2: one look at an engine that writes a request's items at once.
    else if (isOnlyKeyByKey && read.atOnce) flaws.push({ operation, what: "it shows halves" });
    else if (isOnlyKeyByKey) onlyKeyByKey.push(operation);
  }
  const alikeAndWrong: number[] = [];
  for (const [record, views] of history.views.entries()) {
    const texts = views.map(textOf);
    if (new Set(texts).size > 1) {
      flaws.push({ operation: 0, what: `replicas differ in record ${record}` });
    } else if (texts[0] !== undefined && !endsOf(record, history).has(texts[0])) {
      alikeAndWrong.push(record);
    }
  }
  return { flaws, onlyKeyByKey, alikeAndWrong };
}

function textOf(view: View): string {
  return view.map(({ key, time, nonce }) => `${key[0]} ${time} ${toHex(nonce)}`).join();
}

/** How a record can end once whatever expires has expired, a text for each (CONS-2). */
function endsOf(record: number, { writes }: History): ReadonlySet<string> {
  const own = writes.filter((write) => write.record === record && !write.refused);
  const certain = own.filter(({ acknowledged }) => acknowledged !== NEVER);
  const open = own.filter((write) => !certain.includes(write));
  const ends = subsetsOf(open).map((subset) => {
    const shown = keysIn(own.reduce((bits, write) => bits | write.keys, 0)).flatMap((key) => {
      const put = shownIn([...certain, ...subset], key, NEVER);
      return put === undefined ? [] : [`${key} ${put.order.time} ${put.order.nonce}`];
    });
    return shown.join();
  });
  return new Set(ends);
}

/** Why no world gives this answer; undefined when there is one. */
export function explainRead(
  read: ReadRecord,
  history: History,
): { readonly what: string | undefined; readonly isOnlyKeyByKey: boolean } {
  const nothing = { what: undefined, isOnlyKeyByKey: false };
  // The alias may have pointed at an empty namespace.
  if (read.byAlias && read.items.length === 0) return nothing;
  const shape = flawOfShape(read);
  if (shape !== undefined) return { what: shape, isOnlyKeyByKey: false };
  const worlds = worldsOf(read, history);
  const keys = keysIn(read.answered);
  const unexplained = keys.find((key) => !worlds.some((world) => answers(world, key, read)));
  if (unexplained !== undefined) {
    return { what: `no world answers so for key ${unexplained}`, isOnlyKeyByKey: false };
  }
  const isOneWorld = worlds.some((world) => keys.every((key) => answers(world, key, read)));
  return { what: undefined, isOnlyKeyByKey: !isOneWorld };
}

/** What is wrong with an answer whatever was written: order, number, pages (PAGE-1, PAGE-2, PAGE-4, GET-1, GET-4). */
function flawOfShape({
  items,
  pages,
  itemLimit,
  answered,
  reverse,
}: ReadRecord): string | undefined {
  const keys = items.map(({ key }) => key);
  const sorted = [...new Set(keys)].toSorted((a, b) => (reverse ? b - a : a - b));
  if (keys.join() !== sorted.join()) return "its keys are not in order, each once";
  const asked = keysIn(answered);
  if (keys.some((key) => !asked.includes(key))) return "it has keys that were not asked for";
  if (itemLimit > 0 && keys.length > itemLimit) return "it has more items than asked for";
  const isOver = pages.some((page) => page.items > 1 && page.bytes > page.budget);
  if (isOver) return "a page is too large";
  const tokens = pages.flatMap(({ token }) => (token === 0 ? [] : [token]));
  if (tokens.length !== new Set(tokens).size) return "a token came twice";
  return undefined;
}

/** Whether all of the read's looks found the write: where there are regions, each that answered has to have had it. */
export function isCertain(
  { acknowledged, regions }: WriteRecord,
  { begun, answeredIn = [] }: ReadRecord,
): boolean {
  if (regions === undefined) return acknowledged <= begun;
  return answeredIn.every((region) => (regions.owed[region] ?? begun) <= begun);
}

/** Every set of writes that the read's looks can have found, with every reading of the clock that makes a difference. */
function worldsOf(read: ReadRecord, history: History): readonly World[] {
  const own = history.writes.filter(({ record }) => record === read.record);
  const certain = own.filter((write) => isCertain(write, read));
  const open = own.filter(
    (write) => !certain.includes(write) && !write.refused && write.begun < read.ended,
  );
  const walls = wallsOf(read, history, own);
  return subsetsOf(open).flatMap((subset) =>
    walls.map((wall) => ({ found: [...certain, ...subset], wall })),
  );
}

/** The ends of what the clock can have shown, and the moments in between at which something expires. */
function wallsOf(
  { begun, ended }: ReadRecord,
  { serverWall }: History,
  writes: readonly WriteRecord[],
): readonly Micros[] {
  const [low, high] = [serverWall(begun).low, serverWall(ended).high];
  const expiries = writes.map(({ order }) => order.expiry);
  return [low, ...expiries.filter((expiry) => low < expiry && expiry <= high)];
}

function subsetsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  const [first, ...others] = all;
  if (first === undefined) return [[]];
  const without = subsetsOf(others);
  return [...without, ...without.map((subset) => [first, ...subset])];
}

/** Whether the read answered for this key as it had to in this world. */
function answers({ found, wall }: World, key: number, read: ReadRecord): boolean {
  const shown = shownIn(found, key, wall);
  const seen = read.items.find((item) => item.key === key);
  if (shown === undefined || seen === undefined) return shown === undefined && seen === undefined;
  return isOf(seen, shown);
}

/** The put that a reader is shown of a key: the one with the highest token of all, unless it has expired. */
function shownIn(
  found: readonly WriteRecord[],
  key: number,
  wall: Micros,
): WriteRecord | undefined {
  const ofKey = found.filter(({ keys }) => (keys & (1 << key)) !== 0);
  const winner = ofKey.reduce<WriteRecord | undefined>(
    (best, write) => (best === undefined || beats(write, best) ? write : best),
    undefined,
  );
  if (winner === undefined || winner.kind === "delete") return undefined;
  const { expiry } = winner.order;
  return expiry !== 0 && wall >= expiry ? undefined : winner;
}

/** TOK-5, word by word: generation time, rank, expiry, nonce. */
function beats({ order: one }: WriteRecord, { order: other }: WriteRecord): boolean {
  if (one.time > other.time) return true;
  if (one.time < other.time) return false;
  if (one.rank > other.rank) return true;
  if (one.rank < other.rank) return false;
  if (one.expiry > other.expiry) return true;
  if (one.expiry < other.expiry) return false;
  return one.nonce > other.nonce;
}

/** Whether all parts of an item are this put's: bytes, metadata, time and expiry (TOK-4, TOK-6, TTL-2, DATA-1). */
function isOf(item: SeenItem, put: WriteRecord): boolean {
  return (
    item.whole &&
    item.valueFrom === put.operation &&
    item.contentFrom === put.operation &&
    item.writeTime === put.order.time &&
    item.expiresAt === put.order.expiry
  );
}

function keysIn(bits: number): readonly number[] {
  const keys: number[] = [];
  for (let key = 0; key < 31; key += 1) if ((bits & (1 << key)) !== 0) keys.push(key);
  return keys;
}
