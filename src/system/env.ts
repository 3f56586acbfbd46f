import type { Env } from "../ports/env.ts";
import { systemClock } from "./clock.ts";
import { systemRandom } from "./random.ts";
import { systemTimers } from "./timers.ts";

/** The real world: this machine's clocks, timers and chance. */
export function systemEnv(): Env {
  const clock = systemClock();
  return { clock, timers: systemTimers(clock), random: systemRandom() };
}
