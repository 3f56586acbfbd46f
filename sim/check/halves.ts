/**
 * Oracle for PUT-2: where an engine writes what a request asks for of a record at once, a reader that looks at several
 * keys at once sees all of the request or none of it.
 */
import type { History, Oracle, ReadRecord, Violation, WriteRecord } from "./history.ts";
import { compareOrder } from "./order.ts";
import { owedFrom } from "./owed.ts";

type Broken = Violation<"PUT-2"> | undefined;

/**
 * Judges reads of keys that came at once. Where values of these keys lie in chunks it has nothing to say: an item whose
 * chunks went away meanwhile is looked at again, and may be newer than those beside it. Behind a cache the items of one
 * answer are of two moments: of a put that nobody has acknowledged yet one copy of the engine may have shown an item to
 * an earlier reader, and others do not show the rest to this one. The same holds where a read repairs the keys that it
 * asks for: of a put, or a deletion of several keys, that has not arrived yet other copies have these, and not the rest.
 */
export const halvesOracle: Oracle<"PUT-2"> = {
  name: "halves",
  rules: ["PUT-2"],
  check: (history) => {
    if (!history.writesAtOnce) return undefined;
    const byRecord = Map.groupBy(history.writes, ({ record }) => record);
    for (const read of history.reads) {
      const isOfSeveral = (read.answered & (read.answered - 1)) !== 0;
      if (!read.atOnce || !isOfSeveral) continue;
      const violation = checkRead(read, byRecord.get(read.record) ?? [], history);
      if (violation !== undefined) return violation;
    }
    return undefined;
  },
};

/** A put that a read showed of a key. */
type Shown = { readonly key: number; readonly put: WriteRecord };

function checkRead(read: ReadRecord, ofRecord: readonly WriteRecord[], history: History): Broken {
  const writes = ofRecord.filter(
    ({ keys, begun, refused }) => (keys & read.answered) !== 0 && begun < read.ended && !refused,
  );
  if (writes.some(({ chunked }) => (chunked & read.answered) !== 0)) return undefined;
  const shown: Shown[] = [];
  for (const { key, valueFrom } of read.items) {
    const put = writes.find(({ kind, operation }) => kind === "put" && operation === valueFrom);
    if (put === undefined) continue;
    const isWhole = history.cache === undefined && history.repairsKeys !== true;
    if (isWhole || owedFrom(put, read) <= read.begun) shown.push({ key, put });
  }
  return checkShown(read, shown) ?? checkHidden(read, shown, { history, writes });
}

/** No item may be older than a put that is shown beside it and wrote it, too. */
function checkShown(read: ReadRecord, shown: readonly Shown[]): Broken {
  for (const { put } of shown) {
    const older = shown.find((other) => beats(put, other));
    if (older === undefined) continue;
    const found = `key ${older.key} of record ${read.record} comes without a put`;
    return broken(read, `${found} that another key came of`, put, older.put);
  }
  return undefined;
}

/**
 * Nothing may be absent that a put which is shown beside it wrote, or one that was acknowledged before, unless something
 * hides it that contradicts nothing shown.
 */
function checkHidden(
  read: ReadRecord,
  shown: readonly Shown[],
  { history, writes }: { readonly history: History; readonly writes: readonly WriteRecord[] },
): Broken {
  const ends = shown.flatMap(({ put }) => (put.order.expiry === 0 ? [] : [put.order.expiry - 1]));
  const wall = Math.min(history.serverWall(read.ended).high, ...ends);
  const hides = ({ kind, order }: WriteRecord): boolean =>
    kind === "delete" || (order.expiry !== 0 && order.expiry <= wall);
  const puts = shown.map(({ put }) => put);
  const seen = writes.filter(
    (write) =>
      owedFrom(write, read) <= read.begun ||
      puts.includes(write) ||
      (hides(write) && (history.repairsKeys === true || !shown.some((one) => beats(write, one)))),
  );
  let absent = read.answered;
  for (const { key } of read.items) absent &= ~(1 << key);
  for (let key = 0; absent !== 0; key += 1, absent >>>= 1) {
    const newest = (absent & 1) === 1 ? newestOf(seen, key) : undefined;
    if (newest === undefined || hides(newest)) continue;
    const found = `key ${key} of record ${read.record} is absent`;
    return broken(read, `${found}, and what could hide it would hide what came beside it`, newest);
  }
  return undefined;
}

/** Whether a reader that saw the write could not have seen the put of that key. */
function beats(write: WriteRecord, { key, put }: Shown): boolean {
  return (write.keys & (1 << key)) !== 0 && compareOrder(write.order, put.order) > 0;
}

function newestOf(writes: readonly WriteRecord[], key: number): WriteRecord | undefined {
  let newest: WriteRecord | undefined;
  for (const write of writes) {
    if ((write.keys & (1 << key)) === 0) continue;
    if (newest === undefined || compareOrder(write.order, newest.order) > 0) newest = write;
  }
  return newest;
}

function broken(read: ReadRecord, what: string, ...writes: readonly WriteRecord[]): Broken {
  const operations = [read.operation, ...writes.map(({ operation }) => operation)];
  return { rule: "PUT-2", what, operations };
}
