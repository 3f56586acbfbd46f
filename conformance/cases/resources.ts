/** Nothing is left of a call, however it ended (RES-1). The kit looks after every case; this one gives it most to see. */
import { MILLISECOND } from "kvdal";
import { toBytes } from "../kit/bytes.ts";
import { holds, refused } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { ENGINE_WATCH, NO_CACHE } from "../kit/need.ts";

/** Cases of this topic. */
export const resourceCases: readonly ConformanceCase[] = [
  {
    id: "resources/every-ending",
    rules: ["RES-1"],
    title:
      "Answered, refused, out of time or given up: of no call a timer, a listener or an engine call is left.",
    needs: [ENGINE_WATCH, NO_CACHE],
    run: async ({ client, engine, namespace, record }) => {
      const target = { namespace: namespace(), id: "r" };
      const put = { ...target, items: [{ key: toBytes("k"), value: toBytes("v") }] };
      const caller = countedCaller();
      const options = { signal: caller.signal };
      await client.putItems(put, options);
      await client.getItems(target, options);
      await refused("a wrong id", record("").put("k", "v"), "INVALID_ARGUMENT", "no");
      const release = engine.hold();
      const late = { ...options, timeoutMicros: 20 * MILLISECOND };
      await refused("a read", client.getItems(target, late), "DEADLINE_EXCEEDED");
      await refused("a put", client.putItems(put, late), "DEADLINE_EXCEEDED");
      const givenUp = [
        refused("a read", client.getItems(target, options), "CANCELLED"),
        refused("a deletion", client.deleteItems(target, options), "CANCELLED"),
      ];
      caller.abort();
      await Promise.all(givenUp);
      release();
      holds("listeners at the caller's signal", caller.listeners() === 0, caller.listeners(), "0");
    },
  },
];

/** A caller that may give up, and who listens to it. */
function countedCaller(): {
  readonly signal: AbortSignal;
  readonly abort: () => void;
  readonly listeners: () => number;
} {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: () => void, options?: object) => {
    listening.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: () => void) => {
    listening.delete(listener);
    remove(type, listener);
  };
  return { signal, abort: () => controller.abort(), listeners: () => listening.size };
}
