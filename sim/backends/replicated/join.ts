/** A replica that has lost something becomes whole again: it gets all that each of the others has, and then answers reads. */
import { type Micros, MILLISECOND } from "kvdal";
import { EVENTS } from "../../world/event-codes.ts";
import { hash32 } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import { mutationsOf, type Replica, shown } from "./replica.ts";

/** Wait until what was not answered is asked again. */
const AGAIN_AFTER: Micros = 5 * MILLISECOND;
const JOIN_KEY = 0x101_2000;

/** Has the replica ask all others until each has answered since its last loss. */
export function join(replica: Replica, replicas: readonly Replica[], network: Network): void {
  const { losses, node } = replica;
  const missing = new Set(replicas.filter((other) => other !== replica));
  let turn = 0;
  const ask = (): void => {
    // Another loss has begun to be made up anew.
    if (replica.losses !== losses) return;
    for (const other of missing) {
      turn += 1;
      const key = hash32(JOIN_KEY, losses, turn);
      network.send(node, other.node, key, () => answer(other, key));
    }
    if (missing.size === 0) replica.isWhole = true;
    else node.world.after(AGAIN_AFTER, EVENTS.join.code + node.index, ask);
  };
  const answer = (other: Replica, key: number): void => {
    const parts = [...other.tables].flatMap(([table, records]) =>
      [...records].map(([id, record]) => ({
        partition: { table, id },
        mutations: mutationsOf(shown(record)),
      })),
    );
    network.send(other.node, node, hash32(key, 2), () => {
      if (replica.losses !== losses || !missing.delete(other)) return;
      for (const { partition, mutations } of parts) {
        if (mutations.length > 0) replica.restore(partition, mutations);
      }
      if (missing.size === 0) replica.isWhole = true;
    });
  };
  ask();
}
