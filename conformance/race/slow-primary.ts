import { MILLISECOND } from "kvdal";
import { type ClientParts, sleep } from "kvdal/client";
import type { EngineAdapter, StorageEngine } from "kvdal/engine";

/** Longest way to the primary, and back. */
const WAY = 3 * MILLISECOND;

/**
 * An open engine as an adapter, for several servers: with a network's way of its own there and back for each call, so
 * that calls overtake each other, and what is read may be old when it arrives. It is not closed with them.
 */
export function slowPrimary(engine: StorageEngine, env: ClientParts["env"]): EngineAdapter {
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    await sleep(env.timers, env.random.below(WAY));
    const answer = await work();
    await sleep(env.timers, env.random.below(WAY));
    return answer;
  };
  const slow: StorageEngine = {
    ...engine,
    write: (partition, mutations, call) => slowly(() => engine.write(partition, mutations, call)),
    readKeys: (read, call) => slowly(() => engine.readKeys(read, call)),
    readRange: (read, call) => slowly(() => engine.readRange(read, call)),
    close: async () => undefined,
  };
  return { name: "slow primary", open: async () => slow };
}
