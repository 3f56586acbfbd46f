import type { Env } from "../ports/env.ts";
import { silent, type Telemetry } from "../ports/telemetry.ts";
import { systemClock } from "./clock.ts";
import { systemRandom } from "./random.ts";
import { systemTimers } from "./timers.ts";

/** The real world: this machine's clocks, timers and chance. What is counted goes to `telemetry`. */
export function systemEnv(telemetry: Telemetry = silent): Env {
  const clock = systemClock();
  return { clock, timers: systemTimers(clock), random: systemRandom(), telemetry };
}
