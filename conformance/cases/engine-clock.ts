/**
 * Expiry by the engine's own clock. Kept apart, since these few cases really wait: the case's wall clock stands
 * still, so that the service hides nothing, and an item can vanish only because the engine removed it.
 */
import { MILLISECOND, type Micros, SECOND } from "kvdal";
import { toBytes } from "../kit/bytes.ts";
import { absent, holds, keysAre, valueIs } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { ENGINE_CLOCK } from "../kit/need.ts";
import type { ConformanceStore } from "../kit/store.ts";

const TTL = 2 * SECOND;
/** An engine may keep an expired row for the retention, to hide older writes: the least that can be asked for. */
const namespaces = {
  main: { tokens: { maxAge: 0, maxDrift: SECOND }, retentionMicros: 61 * SECOND },
};
const POLL = 200 * MILLISECOND;

/** Reads until no item is left; the steady time of the last read that found one, and of the first that did not. */
async function untilRemoved(
  { record, wait, monotonic, removalWithin }: ConformanceStore,
  begun: Micros,
): Promise<Micros> {
  for (;;) {
    const askedAt = monotonic() - begun;
    if ((await record("r").get("k")) === undefined) return monotonic() - begun;
    holds(
      "time since the put",
      askedAt < TTL + removalWithin,
      askedAt,
      `removal within ${TTL + removalWithin} µs`,
    );
    await wait(POLL);
  }
}

/** Cases of this topic. */
export const engineClockCases: readonly ConformanceCase[] = [
  {
    id: "engine-clock/removes",
    rules: ["TTL-1"],
    title:
      "The engine removes an expired item by itself, not before its expiry and within its lag.",
    needs: [ENGINE_CLOCK],
    namespaces,
    run: async (store) => {
      const begun = store.monotonic();
      await store.record("r").put("k", "v", { at: 0, ttl: TTL });
      await store.record("r").put("stays", "v", { at: 0 });
      const removed = await untilRemoved(store, begun);
      holds(
        "time until it was gone",
        removed >= TTL,
        removed,
        `at least ${TTL} µs: never before its expiry`,
      );
      keysAre("the record", await store.record("r").read(), ["stays"]);
    },
  },
  {
    id: "engine-clock/newer-put-after-removal",
    rules: ["TTL-1", "TOK-5"],
    title: "A newer put shows again after the engine has removed an expired item.",
    needs: [ENGINE_CLOCK],
    namespaces,
    run: async (store) => {
      const begun = store.monotonic();
      await store.record("r").put("k", "expiring", { at: 0, ttl: TTL });
      await untilRemoved(store, begun);
      absent("the item", await store.record("r").get("k"));
      await store.record("r").put("k", "newer", { at: 1 });
      valueIs("the item after a newer put", await store.record("r").get("k"), "newer");
    },
  },
  {
    id: "engine-clock/cleared-expiry",
    rules: ["PUT-4", "TTL-1"],
    title: "What a newer put made lasting, the engine does not remove at the old expiry.",
    needs: [ENGINE_CLOCK],
    namespaces,
    run: async (store) => {
      const begun = store.monotonic();
      await store.record("r").putItems(
        ["k", "kept"].map((key) => ({
          key: toBytes(key),
          value: toBytes("expiring"),
          ttlMicros: TTL,
        })),
        { at: 0 },
      );
      await store.record("r").put("kept", "lasting", { at: 1 });
      await untilRemoved(store, begun);
      await store.wait(SECOND);
      valueIs("the item made lasting", await store.record("r").get("kept"), "lasting");
      keysAre("the record", await store.record("r").read(), ["kept"]);
    },
  },
];
