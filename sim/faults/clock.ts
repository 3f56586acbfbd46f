/** Fault: clocks that are wrong, each in its own way, within a profile that all nodes of a world share. */
import { type Micros, MILLISECOND, SECOND } from "kvdal";
import { type KeyedRandom, pick } from "../world/keyed-random.ts";
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

/** Draws one node's clock within the profile. */
export function drawClock(random: KeyedRandom, profile: ClockProfile): ClockPlan {
  return {
    offset: random.below(2 * profile.offsetMax + 1) - profile.offsetMax,
    driftPpm: random.below(2 * profile.driftPpmMax + 1) - profile.driftPpmMax,
    resolution: profile.resolution,
  };
}
