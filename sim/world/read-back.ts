/** One client reads every record whole, through every server, once a world has healed. */
import type { KvError } from "kvdal";
import type { Places } from "../workload/places.ts";
import type { Plan } from "../workload/plan.ts";
import { READ_BACK_FIRST, readBackOperations } from "../workload/read-back.ts";
import { LIMITS } from "./client-limits.ts";
import type { SimClient, SimClientParts } from "./sim-client.ts";

/** Of the client that does: a network may be slow by nature, and what is there has to be found all the same. */
export const PATIENT: SimClientParts["limits"] = {
  chunkWindow: 1,
  timeoutMicros: 10 * LIMITS.timeoutMicros,
  attemptTimeoutMicros: 10 * LIMITS.attemptTimeoutMicros,
};

/** Why the first of the reads that failed did; undefined where all were answered. */
export async function readBack(
  reader: SimClient,
  servers: number,
  { records }: Places,
  { keys }: Plan,
  versions: { readonly isGone: (record: number) => boolean } | undefined,
): Promise<KvError | undefined> {
  let failed: KvError | undefined;
  for (let server = 0; server < servers; server += 1) {
    const first = READ_BACK_FIRST + server * records;
    const questions = readBackOperations(records, keys.length, first).filter(
      ({ record }) => versions?.isGone(record) !== true,
    );
    const error = await reader.runAt(server, questions);
    failed ??= error;
  }
  return failed;
}
