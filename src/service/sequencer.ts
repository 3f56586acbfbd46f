/** The sequencer of a region, for as long as one process is it (TOK-7). */
import type { Micros } from "../model/time.ts";
import { nextGenerationTime } from "../model/token.ts";
import type { Clock } from "../ports/clock.ts";
import type { Sequencer } from "../ports/sequencer.ts";

/**
 * Issues the clock's time, or one more than the last where the clock stands or steps back. `after` is the highest
 * number that an authority before this one may have issued: whoever hands the office over names it.
 */
export function regionSequencer(clock: Clock, after: Micros = 0): Sequencer {
  let last = after;
  return {
    next: async (count = 1) => {
      const first = nextGenerationTime(last, clock.wall());
      last = first + count - 1;
      return first;
    },
  };
}
