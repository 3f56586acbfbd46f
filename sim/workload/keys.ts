/** Keys that look for trouble: nested prefixes, both ends of the byte, the empty key. */
import { compareBytes } from "kvdal";
import { between, type KeyedRandom } from "../world/keyed-random.ts";

const POOL: readonly Uint8Array[] = [
  [],
  [0x00],
  [0x00, 0x00],
  [0x61],
  [0x61, 0x00],
  [0x61, 0x00, 0x00],
  [0x61, 0x61],
  [0x61, 0x61, 0x61],
  [0x61, 0xff],
  [0x62],
  [0x7f],
  [0x7f, 0x00],
  [0x80],
  [0xff],
  [0xff, 0xff],
]
  .map((bytes) => Uint8Array.from(bytes))
  .sort(compareBytes);

/** Between 4 and 12 keys of the pool, sorted. */
export function drawKeys(random: KeyedRandom): readonly Uint8Array[] {
  const keys = [...POOL];
  const wanted = between(random, 4, 12);
  while (keys.length > wanted) keys.splice(random.below(keys.length), 1);
  return keys;
}
