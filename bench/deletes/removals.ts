/**
 * When the markers of a mass delete really go. 100,000 items are deleted at one moment, which is the worst there is,
 * and the server's own maintenance then runs through the time in which the markers fall due, on a clock moved by hand.
 * Counted are the rows that the sweeps removed, minute by minute (DEL-3).
 */
import { randomBytes } from "node:crypto";
import { DAY, hmacSha256, HOUR, matchKeys, MINUTE, type NamespaceOptions, open, utf8 } from "kvdal";
import { neverAborted } from "kvdal/client";
import type { EngineAdapter } from "kvdal/engine";
import { maintain, resolveNamespace } from "kvdal/service";
import { handClock } from "../hand-clock.ts";

/** How long the removals of one mass delete are looked at, and in which steps, microseconds. */
const WINDOW = HOUR;
const STEP = MINUTE;
const STEPS: number = WINDOW / STEP;
const ITEMS_PER_RECORD = 1000;

/** How deletes are spread and sweeps run. */
export type RemovalsWay = {
  readonly name: string;
  readonly jitterMicros: number;
  readonly sweepEveryMicros: number;
};

/** With and without jitter, under sweeps fine enough to show it; and under those that `open` makes by default. */
export const REMOVAL_WAYS: readonly RemovalsWay[] = [
  { name: "no jitter, a sweep a minute", jitterMicros: 0, sweepEveryMicros: STEP },
  { name: "an hour of jitter, a sweep a minute", jitterMicros: WINDOW, sweepEveryMicros: STEP },
  { name: "an hour of jitter, a sweep an hour", jitterMicros: WINDOW, sweepEveryMicros: HOUR },
];

/** One mass delete: removals of each minute from the first on in which a marker may go. */
export type Removals = {
  readonly items: number;
  readonly perMinute: readonly number[];
  /** Most removals of a minute in parts of the mean over the hour: 1 is even, 60 is all at once. */
  readonly peakToMean: number;
};

/** Deletes `items` one by one, in records of a thousand, and lets the time pass in which they go. */
export async function measureRemovals(
  adapter: EngineAdapter,
  { jitterMicros, sweepEveryMicros }: RemovalsWay,
  items: number,
): Promise<Removals> {
  const { env, advance } = handClock();
  const table = `removals_${randomBytes(4).toString("hex")}`;
  const options: NamespaceOptions = {
    name: table,
    retentionMicros: DAY,
    deleteJitterMicros: jitterMicros,
  };
  const mac = hmacSha256(randomBytes(32));
  // Its timers never fire: a call that failed would wait for its second attempt for ever.
  const client = { limits: { attemptsMax: 1 } };
  const store = await open({ engine: adapter, namespaces: [options], env, mac, client });
  try {
    await deleteAll(store.client, table, items);
    const namespace = resolveNamespace(options, { primary: store.engine });
    const sweep = async (): Promise<number> =>
      (await maintain(namespace, env, neverAborted)).rowsRemoved;
    advance(DAY);
    const perMinute: number[] = [];
    // Sweeps are as far apart as they are: the first one of an hour falls in the middle of it.
    for (let step = 1; step <= 2 * STEPS; step += 1) {
      advance(STEP);
      const isDue = (step * STEP + sweepEveryMicros / 2) % sweepEveryMicros < STEP;
      perMinute.push(isDue ? await sweep() : 0);
    }
    const removed = perMinute.reduce((sum, count) => sum + count, 0);
    if (removed !== items) throw new Error(`${removed} markers were removed, wanted ${items}`);
    return { items, perMinute, peakToMean: Math.max(...perMinute) / (items / STEPS) };
  } finally {
    await store.close();
  }
}

async function deleteAll(
  client: Awaited<ReturnType<typeof open>>["client"],
  namespace: string,
  items: number,
): Promise<void> {
  const keys = Array.from({ length: ITEMS_PER_RECORD }, (_, i) => utf8(`key ${i}`));
  const value = utf8("value");
  for (let done = 0; done < items; done += ITEMS_PER_RECORD) {
    const at = { namespace, id: `record ${done}` };
    const own = keys.slice(0, Math.min(ITEMS_PER_RECORD, items - done));
    await client.putItems({ ...at, items: own.map((key) => ({ key, value })) });
    await client.deleteItems({ ...at, predicate: matchKeys(...own) });
  }
}
