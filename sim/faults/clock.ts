/** Fault: clocks that are wrong, each in its own way, within a profile that all nodes of a world share. */
import { type Micros, MILLISECOND, SECOND } from "kvdal";
import { chance, type KeyedRandom, pick, planRandom } from "../world/keyed-random.ts";
import type { ClockPlan } from "../world/node.ts";

/** How wrong the clocks of a world may be. */
export type ClockProfile = {
  /** Largest offset either way, microseconds. */
  readonly offsetMax: Micros;
  /** Largest drift either way, microseconds a second. */
  readonly driftPpmMax: number;
  /** Resolution of all clocks, microseconds: above 1, tokens of different clients collide. */
  readonly resolution: Micros;
};

const OFFSETS: readonly Micros[] = [0, 500, MILLISECOND, 20 * MILLISECOND, SECOND];
const DRIFTS: readonly number[] = [0, 50, 500];
const RESOLUTIONS: readonly Micros[] = [1, 1, MILLISECOND, 16 * MILLISECOND];

/** Draws the profile of a world: from the published fleet's (below a millisecond) to a second. */
export function drawClockProfile(random: KeyedRandom): ClockProfile {
  return {
    offsetMax: pick(random, OFFSETS),
    driftPpmMax: pick(random, DRIFTS),
    resolution: pick(random, RESOLUTIONS),
  };
}

/** One world in so many has a client whose clock is far off. */
const FAR_IN = 40;
const DAY: Micros = 86_400 * SECOND;
/** Servers admit what such a client writes, or refuse it, as the token's age says. */
const FAR: readonly Micros[] = [3 * SECOND, 60 * SECOND, 3_600 * SECOND, DAY, 2 * DAY];

/** Draws the clocks of all nodes, clients first; of the first `mayBeFar` of them one may be far off. */
export function drawClocks(
  seed: number,
  nodes: number,
  profile: ClockProfile,
  mayBeFar: number,
): readonly ClockPlan[] {
  const clocks = Array.from({ length: nodes }, (_, i) =>
    drawClock(planRandom(seed, `clock ${i}`), profile),
  );
  const random = planRandom(seed, "far clock");
  if (mayBeFar === 0 || !chance(random, 1, FAR_IN)) return clocks;
  const [who, by, isAhead] = [random.below(mayBeFar), pick(random, FAR), chance(random, 1, 2)];
  const offset = isAhead ? by : -by;
  return clocks.map((clock, node) => (node === who ? { ...clock, offset } : clock));
}

/** Draws one node's clock within the profile. */
function drawClock(random: KeyedRandom, profile: ClockProfile): ClockPlan {
  return {
    offset: random.below(2 * profile.offsetMax + 1) - profile.offsetMax,
    driftPpm: random.below(2 * profile.driftPpmMax + 1) - profile.driftPpmMax,
    resolution: profile.resolution,
  };
}
