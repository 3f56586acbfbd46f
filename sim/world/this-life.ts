/** What a server that has ended gets of its engine: nothing, for ever. */
import type { StorageEngine } from "kvdal/engine";
import type { SimNode } from "./node.ts";

/** A new one each time: whoever waits for it is forgotten with it. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** The engine of a server's present life: what has ended asks it for nothing more. */
export function ofThisLife(node: SimNode, engine: StorageEngine): StorageEngine {
  const { incarnation } = node;
  const alive = <T>(work: () => Promise<T>): Promise<T> =>
    node.incarnation === incarnation ? work() : never();
  return {
    ...engine,
    write: (partition, mutations, call) => alive(() => engine.write(partition, mutations, call)),
    readKeys: (read, call) => alive(() => engine.readKeys(read, call)),
    readRange: (read, call) => alive(() => engine.readRange(read, call)),
    scan: (read, call) => alive(() => engine.scan(read, call)),
  };
}
