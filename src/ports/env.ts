import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Timers } from "./timers.ts";

/** The world as the core meets it. Always handed in, never defaulted; `systemEnv()` is the real one. */
export type Env = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
};
