/**
 * One profile under concurrent devices: all of a household's devices change and read one record at once, such as what is
 * left to watch. Published: no figures; the shape is the hot row of one id, last write wins, with clocks of many devices.
 *
 * Here: 6 devices of 50 calls, 1 record of 10 items under nested keys, 4 to 60 bytes; 40 % puts of up to four items (one
 * in eight expires within 200 ms), 25 % multi-gets, 20 % traversals in small pages, 15 % deletions of items, ranges (the
 * oldest are trimmed) and the record. Hardly any time to think; clocks no finer than 1 ms in half of the worlds, so that
 * tokens of different devices collide. No cache but where one is drawn.
 *
 * Own measure: in the end every server tells every device the same (CONS-2).
 */
import { MILLISECOND } from "kvdal";
import type { ReadRecord, Violation } from "../../check/history.ts";
import { between, chance, type KeyedRandom } from "../../world/keyed-random.ts";
import type { Plan } from "../plan.ts";
import { READ_BACK_FIRST } from "../read-back.ts";
import type { Consumer, ConsumerView } from "./consumer.ts";
import { type Drawn, namedKeys, numbered, pageOf, putOf, someKeys, topologyOf } from "./draw.ts";

const KEYS = namedKeys("", "a", "a/1", "a/1/x", "a/2", "a0", "b", "b/1", "c", "c/9");

/** The consumer. */
export const concurrentDevices: Consumer = {
  name: "concurrent-devices",
  line: "one profile that six devices change at once, with tokens that collide: puts, deletions, traversals of one record",
  isCached: false,
  topologyFrom: (given) => topologyOf(given, 6, 50),
  shape,
  check: checkAllTellTheSame,
};

function shape({ topology, clocks }: Plan, random: KeyedRandom): Partial<Plan> {
  const thinkMax = between(random, 0, 2) * MILLISECOND;
  const isCoarse = chance(random, 1, 2);
  return {
    keys: KEYS,
    records: 1,
    clocks: isCoarse
      ? clocks.map((clock) => ({ ...clock, resolution: Math.max(MILLISECOND, clock.resolution) }))
      : clocks,
    operations: Array.from({ length: topology.clients }, (_, device) => {
      const drawn = Array.from({ length: topology.operationsPerClient }, () =>
        drawCall(random, random.below(thinkMax + 1)),
      );
      return numbered(drawn, device, topology, random);
    }),
  };
}

function drawCall(random: KeyedRandom, think: number): Drawn {
  const roll = random.below(100);
  const common = { record: 0, think };
  if (roll < 40) {
    const keys = someKeys(random, KEYS.length, 4);
    const ttl = chance(random, 1, 8) ? between(random, 1, 200) * MILLISECOND : 0;
    return putOf(0, think, { keys, bytes: between(random, 4, 60), ttl });
  }
  if (roll < 65) return { ...common, kind: "get", keys: someKeys(random, KEYS.length, 3) };
  const from = random.below(KEYS.length);
  const to = between(random, from, KEYS.length);
  if (roll < 85) return pageOf(0, think, { from, to, bytes: between(random, 10, 100) });
  if (roll < 93) return { ...common, kind: "delete_keys", keys: someKeys(random, KEYS.length, 2) };
  if (roll < 98) return { ...common, kind: "delete_range", from: 0, to: between(random, 1, 3) };
  return { ...common, kind: "delete_record" };
}

function checkAllTellTheSame({ history }: ConsumerView): Violation | undefined {
  const last = history.reads.filter(({ operation }) => operation >= READ_BACK_FIRST);
  const [first, ...others] = last;
  if (first === undefined) return undefined;
  const wanted = told(first);
  const other = others.find((read) => told(read) !== wanted);
  if (other === undefined) return undefined;
  return {
    rule: "CONS-2",
    what: `in the end one server tells "${wanted}" and another "${told(other)}", wanted the same of both`,
    operations: [first.operation, other.operation],
  };
}

/** What a reader was told, but what may have ended meanwhile. */
function told({ items }: ReadRecord): string {
  const stay = items.filter(({ expiresAt }) => expiresAt === 0);
  return stay.map(({ key, valueFrom }) => `${key} of ${valueFrom}`).join(", ");
}
