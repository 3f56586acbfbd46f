/** Time that a bench moves by hand, so that a day of retention takes no longer than the work in it. */
import { systemEnv } from "kvdal";
import type { ClientParts } from "kvdal/client";

/** What the parts of a store take for the world. */
type Env = ClientParts["env"];

/** A world whose clocks stand still but for `advance`; its timers never fire, so nothing in it may wait. */
export function handClock(): { readonly env: Env; readonly advance: (micros: number) => void } {
  const { clock, random, telemetry } = systemEnv();
  const begun = clock.wall();
  let passed = 0;
  const env: Env = {
    clock: { wall: () => begun + passed, monotonic: () => passed },
    timers: { after: () => () => undefined },
    random,
    telemetry,
  };
  return {
    env,
    advance: (micros) => {
      passed += micros;
    },
  };
}
