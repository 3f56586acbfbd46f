/**
 * The interval cache of Druid queries: results by bucket of time, with dashboards that ask for the last hours again and
 * again. Published: id the hash of a query, key the bucket's time, big-endian; range reads, puts behind the answer; 3 h at
 * 1 min are 180 items; TTL 5 s under two minutes of age, doubled a minute, at most 1 h; a hit is the prefix without a
 * hole; empty buckets between data are marked; 64 queries a dashboard, every 10 s, 30 viewers.
 *
 * Here (1 s is 0.5 ms, 1 : 15 of the window): 2 queries, 3 viewers of 100 calls; windows of 12 buckets of 1 min (30 ms) that
 * move on; a refresh every 10 s (5 ms) reads its window, and puts what its viewer expects to be missing: one put for
 * buckets of one TTL. Values of 8 to 24 bytes; one bucket in five is empty and marked by 4 bytes. No deletion. No cache
 * in front but where one is drawn. `kvdal bench druid-cache` has the published figures beside those of full size.
 *
 * Own measure, of the prefix of every read: each bucket has a TTL of the ladder (TTL-2), none is past it (TTL-1), and the
 * prefix ends at no bucket whose result, or mark, was acknowledged and lives (PAGE-2).
 */
import { type Micros, MILLISECOND } from "kvdal";
import type { History, ReadRecord, SeenItem, Violation } from "../../check/history.ts";
import { between, type KeyedRandom, pick } from "../../world/keyed-random.ts";
import type { Operation } from "../operation.ts";
import type { Plan } from "../plan.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import { type Drawn, numbered, pageOf, putOf, smallValuesIn, topologyOf } from "./draw.ts";
import { lifeSeconds, prefixLength, toStore } from "./interval-cache.ts";

/** A second of dashboards. */
const SCALED_SECOND: Micros = 500;
const BUCKET: Micros = 60 * SCALED_SECOND;
const REFRESH: Micros = 10 * SCALED_SECOND;
const WINDOW = 12;
/** The window's last bucket moves on for so many. */
const BUCKETS = 28;
const QUERIES = 2;
/** About what a call takes, for what a viewer expects. */
const CALL: Micros = 3 * MILLISECOND;
const SENTINEL_BYTES = 4;
const RUNGS: ReadonlySet<Micros> = new Set(
  Array.from({ length: WINDOW }, (_, age) => lifeSeconds(age) * SCALED_SECOND),
);

/** The consumer. */
export const druidCache: Consumer = {
  name: "druid-cache",
  line: "results of queries by interval: dashboards that refresh, a ladder of TTLs, prefixes without a hole, marks of empty buckets",
  isCached: false,
  topologyFrom: (given) => topologyOf(given, 3, 100),
  shape,
  check: checkHits,
};

function shape({ topology, namespace }: Plan, random: KeyedRandom): Partial<Plan> {
  const empty = Array.from({ length: BUCKETS }, () => random.below(5) === 0);
  return {
    keys: Array.from({ length: BUCKETS }, (_, bucket) => bigEndian(bucket)),
    records: QUERIES,
    namespace: smallValuesIn(namespace),
    operations: Array.from({ length: topology.clients }, (_, viewer) => {
      const drawn = drawViewer(random, viewer % QUERIES, topology.operationsPerClient, empty);
      return numbered(drawn, viewer, topology, random);
    }),
  };
}

function bigEndian(bucket: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(bucket) * 60_000n);
  return key;
}

/** Refreshes of one query, as their viewer expects time to pass and results to live. */
function drawViewer(
  random: KeyedRandom,
  query: number,
  count: number,
  empty: readonly boolean[],
): readonly Drawn[] {
  const drawn: Drawn[] = [];
  const livesUntil = new Map<number, Micros>();
  let now: Micros = random.below(REFRESH);
  while (drawn.length < count) {
    const last = Math.min(BUCKETS - 1, WINDOW - 1 + Math.floor(now / BUCKET));
    const window = Array.from({ length: WINDOW }, (_, i) => last - WINDOW + 1 + i);
    const from = window[0] ?? 0;
    drawn.push(pageOf(query, REFRESH, { from, to: last + 1, bytes: pick(random, [60, 600]) }));
    now += REFRESH + CALL;
    const hit = prefixLength(
      window,
      window.filter((bucket) => (livesUntil.get(bucket) ?? 0) > now),
    );
    const missing = toStore(window.slice(hit), (bucket) => empty[bucket] === true);
    for (const { age, buckets } of byLife(missing, last)) {
      const ttl = lifeSeconds(age) * SCALED_SECOND;
      const items = buckets.map(({ bucket, isSentinel }) => ({
        key: bucket,
        bytes: isSentinel ? SENTINEL_BYTES : between(random, 8, 24),
      }));
      const put = putOf(query, 0, { keys: [], bytes: 0, ttl });
      drawn.push({ ...put, items });
      for (const { bucket } of buckets) livesUntil.set(bucket, now + ttl);
      now += CALL;
    }
  }
  return drawn;
}

type Stored = ReturnType<typeof toStore>;

/** Buckets of one life together: a put has one TTL. */
function byLife(stored: Stored, last: number): readonly { age: number; buckets: Stored }[] {
  const groups = new Map<number, { age: number; buckets: Stored }>();
  for (const each of stored) {
    const age = last - each.bucket;
    const life = lifeSeconds(age);
    groups.set(life, { age, buckets: [...(groups.get(life)?.buckets ?? []), each] });
  }
  return [...groups.values()];
}

function checkHits({ plan, history }: ConsumerView): Violation | undefined {
  const windows = new Map(
    plan.operations.flat().flatMap((each) => (each.kind === "page" ? [[each.index, each]] : [])),
  );
  for (const read of history.reads) {
    const window = windows.get(read.operation);
    if (window === undefined) continue;
    const violation = flawOf(read, window, history);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

type Window = Extract<Operation, { kind: "page" }>;

function flawOf(read: ReadRecord, { from, to }: Window, history: History): Violation | undefined {
  const wanted = Array.from({ length: to - from }, (_, i) => from + i);
  const hit = prefixLength(
    wanted,
    read.items.map(({ key }) => key),
  );
  const wall = history.serverWall(read.begun).low;
  for (const item of read.items.slice(0, hit)) {
    const violation = lifeFlaw(item, wall, read);
    if (violation !== undefined) return violation;
  }
  const hole = wanted[hit];
  const known = hole === undefined ? undefined : livingPut(hole, read, history);
  if (known === undefined) return undefined;
  const what = `the hit ends before bucket ${hole}, wanted it to go on: its result was stored, and lives`;
  return { rule: "PAGE-2", what, operations: [read.operation, known] };
}

function lifeFlaw(
  { key, valueFrom, writeTime, expiresAt }: SeenItem,
  wall: Micros,
  { operation }: ReadRecord,
): Violation | undefined {
  const operations = [operation, valueFrom];
  if (!RUNGS.has(expiresAt - writeTime)) {
    const what = `bucket ${key} lives for ${expiresAt - writeTime} µs, wanted a life of the ladder`;
    return { rule: "TTL-2", what, operations };
  }
  if (expiresAt > wall) return undefined;
  const what = `bucket ${key} is part of a hit ${wall - expiresAt} µs past its TTL`;
  return { rule: "TTL-1", what, operations };
}

/** A put of the bucket that a read has to show, whatever other one it shows in its place; none that may be over. */
function livingPut(
  bucket: number,
  { record, begun, ended }: ReadRecord,
  { writes, serverWall }: History,
): number | undefined {
  const wall = serverWall(ended).high;
  const own = writes.filter(
    (write) => write.record === record && (write.keys & (1 << bucket)) !== 0 && write.begun < ended,
  );
  if (own.some(({ order }) => order.expiry <= wall)) return undefined;
  return own.find(({ acknowledged }) => acknowledged <= begun)?.operation;
}
